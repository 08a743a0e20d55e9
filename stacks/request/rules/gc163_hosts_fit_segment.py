"""A segment has room for its hosts in the largest season."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC163"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every segment that is smaller than what stands in it."""
    for source in zone.tenants:
        request = source.value
        for index, segment in enumerate(request.segments):
            need = sum(request.peak(host) for host in request.hosts if host.segment == segment.name)
            if need > segment.size:
                yield source.finding(CODE, "segments", index, "size", need=need)
