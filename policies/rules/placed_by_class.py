"""Data lies only where its classification may lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network

from policies.context import Context
from policies.expected.tenant import VOLUME, VOLUME_QUOTA
from policies.resource import Resource
from policies.rule import Rule
from stacks.plan.model import PlatformPlan, TenantPlan


def _check(resource: Resource, context: Context) -> Iterator[str]:
    tenant = context.tenant
    if tenant is None:
        return
    if resource.kind == "compute/Instance":
        wanted, zone = tenant.placement.availability_zone, resource.value("availabilityZone")
        if zone != wanted:
            yield f"its hosts run in {wanted or 'no particular zone'}, not in {zone!r}"
    elif resource.kind == VOLUME:
        own, given = tenant.placement.volume_type, resource.value("volumeType")
        if given != own:
            yield f"its volumes are of {f'the type {own}' if own else 'no particular type'}, not of {given!r}"
    elif resource.kind == VOLUME_QUOTA:
        yield from _of_volumes(resource, tenant, context.platform)
    else:
        yield from _of_subnet(resource, tenant, context.platform)


def _of_volumes(resource: Resource, tenant: TenantPlan, platform: PlatformPlan) -> Iterator[str]:
    own, given = tenant.placement.volume_type, resource.value("volumeTypeQuota")
    limits = given if isinstance(given, Mapping) else {}
    others = {item.volume_type for item in platform.platform.classifications.values()} - {None, own}
    if own:
        others |= {str(key).partition("_")[2] for key in limits} - {own}
    for name in sorted(map(str, others)):
        if {limits.get(f"volumes_{name}"), limits.get(f"gigabytes_{name}")} != {"0"}:
            yield f"it has a quota of the volume type {name}, which is not for its data"


def _of_subnet(resource: Resource, tenant: TenantPlan, platform: PlatformPlan) -> Iterator[str]:
    data = tenant.request.classification.value
    zones = platform.platform.zones
    allowed = {zone.side for zone in zones.values() if data in zone.accepts}
    try:
        network = IPv4Network(resource.value("cidr"))
    except (ValueError, TypeError):
        yield "its addresses cannot be read, so nobody can tell on which side it lies"
        return
    sides = {side.side for side in platform.sides if any(network.subnet_of(part) for part in side.space)}
    if not sides & allowed:
        yield f"{network} is no place for {data} data; its sides are: {', '.join(sorted(allowed)) or 'none'}"
    wanted = {segment.name: segment.zone for segment in tenant.segments}.get(resource.name)
    if wanted and data not in zones[wanted].accepts:
        yield f"the zone {wanted} does not accept {data} data"


RULE = Rule(
    title="Data lies only where its classification may lie",
    controls=("8.1.4.2-g", "8.1.2.1-c", "8.2.3.1-b"),
    check=_check,
    kinds=frozenset({"networking/Subnet", "compute/Instance", VOLUME, VOLUME_QUOTA}),
)
