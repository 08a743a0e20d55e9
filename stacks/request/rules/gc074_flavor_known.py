"""A host has a flavor of the platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC074"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every host with an unknown flavor."""
    flavors = zone.platform.value.flavors
    for source in zone.tenants:
        for index, host in enumerate(source.value.hosts):
            if host.flavor not in flavors:
                yield source.finding(CODE, "hosts", index, "flavor", valid=flavors)
