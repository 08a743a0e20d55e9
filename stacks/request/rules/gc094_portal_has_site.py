"""A host with the workload `portal` says what its pages show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC094"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield portals without a site."""
    for source in zone.tenants:
        for index, host in enumerate(source.value.hosts):
            if host.workload == "portal" and host.site is None:
                yield source.finding(CODE, "hosts", index, "workload")
