"""A dedicated network consists of segments of its request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC170"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every segment that the request does not hold."""
    for source in zone.tenants:
        names = [segment.name for segment in source.value.segments]
        dedicated = source.value.dedicated_network
        for index, name in enumerate(dedicated.segments if dedicated else ()):
            if name not in names:
                yield source.finding(CODE, "dedicated_network", "segments", index, valid=names)
