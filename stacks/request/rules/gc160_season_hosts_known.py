"""A season enlarges host groups of its request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC160"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every group that a season names and the request does not hold."""
    for source in zone.tenants:
        groups = [host.name for host in source.value.hosts]
        for index, season in enumerate(source.value.seasons):
            for number, name in enumerate(season.hosts):
                if name not in groups:
                    yield source.finding(CODE, "seasons", index, "hosts", number, valid=groups)
