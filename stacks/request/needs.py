"""What a request itself asks for, as far as it can be counted before there is a plan."""

from __future__ import annotations

from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest

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
