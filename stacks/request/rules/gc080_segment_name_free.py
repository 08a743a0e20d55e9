"""A segment is not called like a network that the platform puts beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC080"

SHARED_NETWORKS = frozenset({"management", "backbone"})
"""Names of the platform's networks, which a tenant's router joins beside the tenant's own segments."""


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every segment whose name the platform needs."""
    for source in zone.tenants:
        published = {f"{item.host}-published" for item in source.value.publish}
        for index, segment in enumerate(source.value.segments):
            if segment.name in SHARED_NETWORKS | published:
                yield source.finding(CODE, "segments", index, "name")
