"""An exchange ends after its approvals, and within a year of the later one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC157"


YEAR = timedelta(days=366)


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every exchange that was approved for longer than a year, or for no day at all."""
    for source in zone.tenants:
        for index, exchange in enumerate(source.value.exchanges):
            days = [item.date for item in exchange.approvals]
            if days and not max(days) <= exchange.expiry <= max(days) + YEAR:
                first, last = max(days), max(days) + YEAR
                yield source.finding(CODE, "exchanges", index, "expiry", first=first, last=last)
