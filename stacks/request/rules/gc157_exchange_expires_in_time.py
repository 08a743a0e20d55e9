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
            if not exchange.approvals:
                continue
            first, last = exchange.approved_on, exchange.approved_on + YEAR
            if not first <= exchange.expiry <= last:
                yield source.finding(CODE, "exchanges", index, "expiry", first=first, last=last)
