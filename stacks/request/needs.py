"""What a request itself asks for, as far as it can be counted before there is a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone, Source

PORTS_PER_SEGMENT = 2
"""The router's leg, and the one that answers DHCP and metadata."""


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


@dataclass(frozen=True)
class Quota:
    """What a request asks for beside what it may have, by limit."""

    source: Source[TenantRequest]
    need: Mapping[str, int]
    limits: Mapping[str, int]

    def finding(self, code: str, limit: str) -> Diagnostic:
        """A finding about one limit, at the override that sets it, or else at the class."""
        overridden = limit in self.source.value.quota.overrides
        key = ("overrides", limit) if overridden else ("class",)
        need, allowed = self.need[limit], self.limits[limit]
        return self.source.finding(code, "quota", *key, limit=limit, need=need, allowed=allowed)


def quotas(zone: LandingZone) -> Iterator[Quota]:
    """The quota of every request whose class there is."""
    platform = zone.platform.value
    for source in zone.tenants:
        quota = source.value.quota
        if quota.quota_class in platform.quota_classes:
            limits = quota.applied_to(platform.quota_classes[quota.quota_class]).model_dump()
            yield Quota(source, needs(platform, source.value), limits)
