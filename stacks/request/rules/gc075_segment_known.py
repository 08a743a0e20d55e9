"""A host stands in a segment of its own request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC075"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every host in an unknown segment."""
    for source in zone.tenants:
        segments = {segment.name for segment in source.value.segments}
        for index, host in enumerate(source.value.hosts):
            if host.segment not in segments:
                yield source.finding(CODE, "hosts", index, "segment", valid=segments)
