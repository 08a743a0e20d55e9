"""The classification of the data decides the zones that it may be placed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import Classification

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC072"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every segment in a zone that does not accept the tenant's data."""
    for source in zone.tenants:
        data = source.value.classification
        for index, segment in enumerate(source.value.segments):
            placed = zone.platform.value.zones.get(segment.zone)
            if placed and data is not Classification.CLASSIFIED and data.value not in placed.accepts:
                yield source.finding(
                    CODE, "segments", index, "zone", data=data.value, accepted=placed.accepts
                )
