"""Overrides are known and justified, and the request's own hosts fit into its quota."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic, did_you_mean
from stacks.request.platform import QuotaClass

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield unknown or unjustified overrides, and quotas smaller than what the request itself asks for."""
    platform = zone.platform.value
    for source in zone.tenants:
        request, quota, at = source.value, source.value.quota, source.document.position
        for name in quota.overrides:
            if name not in QuotaClass.model_fields:
                message = (
                    f"quota.overrides.{name}: unknown limit; {did_you_mean(name, QuotaClass.model_fields)}"
                )
                yield Diagnostic(at("quota", "overrides", name), message)
        if quota.overrides and not quota.justification:
            message = "quota.justification: required with overrides; say why the class is not enough"
            yield Diagnostic(at("quota", "overrides"), message)
        if quota.quota_class not in platform.quota_classes:
            continue
        limits = {**platform.quota_classes[quota.quota_class].model_dump(), **quota.overrides}
        known = [
            (host.count, platform.flavors[host.flavor])
            for host in request.hosts
            if host.flavor in platform.flavors
        ]
        needs = {
            "instances": sum(host.count for host in request.hosts),
            "cores": sum(count * flavor.vcpus for count, flavor in known),
            "memory": sum(count * flavor.memory for count, flavor in known),
        }
        for name, need in needs.items():
            if need > limits[name]:
                message = (
                    f"quota: the hosts need {need} {name}, class {quota.quota_class!r} allows {limits[name]}"
                )
                yield Diagnostic(
                    at("quota", "class"), f"{message}; take a larger class or justify an override"
                )
