"""Data lies only where its classification may lie."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from policies.context import Context
from policies.resource import Resource
from policies.rule import Rule


def _check(resource: Resource, context: Context) -> Iterator[str]:
    tenant, platform = context.tenant, context.platform
    if tenant is None:
        return
    data = tenant.request.classification.value
    allowed = {zone.side for zone in platform.platform.zones.values() if data in zone.accepts}
    try:
        network = IPv4Network(resource.value("cidr"))
    except (ValueError, TypeError):
        yield "its addresses cannot be read, so nobody can tell on which side it lies"
        return
    sides = {side.side for side in platform.sides if network.subnet_of(side.pool)}
    if not sides & allowed:
        yield f"{network} is no place for {data} data; its sides are: {', '.join(sorted(allowed)) or 'none'}"
    wanted = {segment.name: segment.zone for segment in tenant.segments}.get(resource.name)
    if wanted and data not in platform.platform.zones[wanted].accepts:
        yield f"the zone {wanted} does not accept {data} data"


RULE = Rule(
    title="Data lies only on the side and in the zone that accept its classification",
    controls=("8.1.4.2-g", "8.1.2.1-c", "8.2.3.1-b"),
    check=_check,
    kinds=frozenset({"networking/Subnet"}),
)
