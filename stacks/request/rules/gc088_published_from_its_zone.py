"""Only hosts in a zone that allows it are published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC088"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every publication of a host in a zone that is never published."""
    zones = zone.platform.value.zones
    allowed = sorted(name for name, placed in zones.items() if placed.publish)
    for source in zone.tenants:
        placed = {segment.name: segment.zone for segment in source.value.segments}
        groups = {host.name: placed.get(host.segment, "") for host in source.value.hosts}
        for index, item in enumerate(source.value.publish):
            name = groups.get(item.host, "")
            if name in zones and not zones[name].publish:
                yield source.finding(CODE, "publish", index, "host", zone=name, allowed=allowed)
