"""The zones at both ends of an exchange accept its data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.flow_ends import absolute_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC156"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every exchange into or out of a zone that does not accept the files."""
    zones = zone.platform.value.zones
    placed = {
        f"{request.id}/{segment.name}": segment.zone
        for request in zone.requests
        for segment in request.segments
    }
    for source in zone.tenants:
        for index, exchange in enumerate(source.value.exchanges):
            for key, end in absolute_ends(exchange, source.value.id).items():
                name = placed.get(end, "")
                if name in zones and exchange.data_class.value not in zones[name].accepts:
                    yield source.finding(
                        CODE, "exchanges", index, key, zone=name, data=exchange.data_class, end=end
                    )
