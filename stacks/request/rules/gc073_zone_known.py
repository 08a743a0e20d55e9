"""A segment lies in a zone of the platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC073"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every segment in an unknown zone."""
    zones = zone.platform.value.zones
    for source in zone.tenants:
        for index, segment in enumerate(source.value.segments):
            if segment.zone not in zones:
                yield source.finding(CODE, "segments", index, "zone", valid=zones)
