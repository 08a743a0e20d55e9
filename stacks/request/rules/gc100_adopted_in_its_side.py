"""An adopted network lies where the operators allow it for that side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC100"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every adopted network that is not part of its side."""
    platform = zone.platform.value
    for source in zone.tenants:
        for index, segment in enumerate(source.value.segments):
            side = zone.segment_sides.get(f"{source.value.id}/{segment.name}")
            if segment.adopt is None or side is None or side not in platform.sides:
                continue
            space = platform.sides[side].space
            if not any(segment.adopt.subnet_of(network) for network in space):
                allowed = tuple(map(str, space))
                yield source.finding(CODE, "segments", index, "adopt", side=side, allowed=allowed)
