"""The names of a request's exchanges are unique."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC159"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every exchange whose name one before it has."""
    for source in zone.tenants:
        names = [exchange.name for exchange in source.value.exchanges]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield source.finding(CODE, "exchanges", index, "name")
