"""What is published is a host group of the same request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC087"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every publication of an unknown host group."""
    for source in zone.tenants:
        hosts = {host.name for host in source.value.hosts}
        for index, item in enumerate(source.value.publish):
            if item.host not in hosts:
                yield source.finding(CODE, "publish", index, "host", valid=hosts)
