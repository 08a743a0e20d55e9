"""A segment's name is unique in its request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC078"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every segment with a name that one before it has."""
    for source in zone.tenants:
        names = [segment.name for segment in source.value.segments]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield source.finding(CODE, "segments", index, "name")
