"""Only a host with the workload `portal` has pages to show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC095"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield sites without a portal."""
    for source in zone.tenants:
        for index, host in enumerate(source.value.hosts):
            if host.workload != "portal" and host.site is not None:
                yield source.finding(CODE, "hosts", index, "site", about_key=True)
