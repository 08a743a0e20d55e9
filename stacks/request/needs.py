"""What a request itself asks for, as far as it can be counted before there is a plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone, Source

PORTS_PER_SEGMENT = 2
"""The router's leg, and the one that answers DHCP and metadata."""


@dataclass(frozen=True)
class Limit:
    """A limit of a request's quota beside what the request itself asks for; memory in MiB.

    Attributes:
        name: of the limit, as a class of quota calls it.
    """

    source: Source[TenantRequest]
    name: str
    need: int
    allowed: int

    def finding(self, code: str) -> Diagnostic:
        """A finding at the line that decides the limit: its override, else the class."""
        key = ("overrides", self.name) if self.name in self.source.value.quota.overrides else ("class",)
        return self.source.finding(code, "quota", *key, limit=self.name, need=self.need, allowed=self.allowed)


def limits(zone: LandingZone) -> Iterator[Limit]:
    """Every limit of every request that can be counted; a class that nobody offers is another rule's."""
    platform = zone.platform.value
    for source in zone.tenants:
        quota = source.value.quota
        if quota.quota_class not in platform.quota_classes:
            continue
        allowed = quota.applied_to(platform.quota_classes[quota.quota_class]).model_dump()
        for name, need in needs(platform, source.value).items():
            yield Limit(source, name, need, allowed[name])


def needs(platform: Platform, request: TenantRequest) -> dict[str, int]:
    """What can be counted in the request alone, each by its limit's name; memory in MiB."""
    sizes = [
        (host.count, platform.flavors[host.flavor])
        for host in request.hosts
        if host.flavor in platform.flavors
    ]
    published = {item.host for item in request.publish}
    instances = sum(host.count for host in request.hosts)
    routers = {
        (platform.zones[item.zone].side, request.is_dedicated(item.name))
        for item in request.segments
        if item.zone in platform.zones
    }
    return {
        "instances": instances,
        "cores": sum(count * flavor.vcpus for count, flavor in sizes),
        "memory": sum(count * flavor.memory for count, flavor in sizes),
        "networks": len(request.segments),
        "routers": len(routers),
        "ports": instances + PORTS_PER_SEGMENT * len(request.segments) + len(routers),
        "floating_ips": sum(host.count for host in request.hosts if host.name in published),
        "security_groups": 1 + len(request.segments) + len(published),
        "volumes": sum(host.count * len(host.volumes) for host in request.hosts),
        "volume_storage": sum(host.count * volume.size for host in request.hosts for volume in host.volumes),
    }
