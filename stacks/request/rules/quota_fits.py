"""Overrides are justified, and what the request itself asks for fits into its quota."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.platform import Platform

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone
    from stacks.request.tenant import TenantRequest

PORTS_PER_SEGMENT = 2
"""The router's leg, and the one that answers DHCP and metadata."""


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield unjustified overrides, and quotas smaller than what the request itself asks for."""
    platform = zone.platform.value
    for source in zone.tenants:
        quota, at = source.value.quota, source.document.position
        if quota.overrides and not quota.justification:
            message = "quota.justification: required with overrides; say why the class is not enough"
            yield Diagnostic(at("quota", "overrides"), message)
        if quota.quota_class not in platform.quota_classes:
            continue
        limits = quota.applied_to(platform.quota_classes[quota.quota_class]).model_dump()
        for name, need in needs(platform, source.value).items():
            if need > limits[name]:
                key = ("overrides", name) if name in quota.overrides else ("class",)
                message = (
                    f"quota: the request needs {need} {_words(name)}, its quota allows {limits[name]}; "
                    "take a larger class or justify an override"
                )
                yield Diagnostic(at("quota", *key), message)


def _words(limit: str) -> str:
    return "MiB of memory" if limit == "memory" else limit.replace("_", " ")


def needs(platform: Platform, request: TenantRequest) -> dict[str, int]:
    """What can be counted in the request alone, each by its limit's name; memory in MiB."""
    sizes = [
        (host.count, platform.flavors[host.flavor])
        for host in request.hosts
        if host.flavor in platform.flavors
    ]
    published = {item.host for item in request.publish}
    instances = sum(host.count for host in request.hosts)
    sides = {platform.zones[item.zone].side for item in request.segments if item.zone in platform.zones}
    return {
        "instances": instances,
        "cores": sum(count * flavor.vcpus for count, flavor in sizes),
        "memory": sum(count * flavor.memory for count, flavor in sizes),
        "networks": len(request.segments),
        "routers": len(sides),
        "ports": instances + PORTS_PER_SEGMENT * len(request.segments) + len(sides),
        "floating_ips": sum(host.count for host in request.hosts if host.name in published),
        "security_groups": 1 + len(request.segments) + len(published),
    }
