"""Published host names lie in the tenant's DNS zone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC173"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every host name outside of the zone, where the request names one."""
    for source in zone.tenants:
        dns = source.value.dns
        for index, item in enumerate(source.value.publish if dns else ()):
            if dns and item.hostname != dns.zone and not item.hostname.endswith(f".{dns.zone}"):
                yield source.finding(CODE, "publish", index, "hostname", dns=dns.zone)
