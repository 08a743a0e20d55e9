"""An exchange is in force: its approvals count already, and it has not expired."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC181"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every date of an exchange that keeps it closed on the day of the check."""
    if zone.on is None:
        return
    for source in zone.tenants:
        for index, exchange in enumerate(source.value.exchanges):
            place = ("exchanges", index)
            if exchange.expiry < zone.on:
                yield source.finding(CODE, *place, "expiry", on=zone.on)
            for number, item in enumerate(exchange.approvals):
                if item.date > zone.on:
                    yield source.finding(CODE, *place, "approvals", number, "date", on=zone.on)
