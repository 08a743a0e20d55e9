"""A season enlarges at least one host group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC162"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every season that changes nothing."""
    for source in zone.tenants:
        for index, season in enumerate(source.value.seasons):
            if not source.value.growing(season):
                groups = [host.name for host in source.value.hosts]
                yield source.finding(CODE, "seasons", index, about_key=True, groups=groups)
