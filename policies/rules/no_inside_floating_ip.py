"""The internal side has no way from or to the outside."""

from __future__ import annotations

from collections.abc import Iterator

from policies.context import Context
from policies.resource import Resource
from policies.rule import Rule
from stacks.request.fields import Side


def _check(resource: Resource, context: Context) -> Iterator[str]:
    tenant = context.tenant
    if tenant is None:
        return
    if resource.kind == "networking/Router":
        inside = {router.name for router in tenant.routers if router.side is Side.INTERNAL}
        if resource.name in inside and resource.value("externalNetworkId"):
            yield "a router of the internal side with a leg in the provider network"
        return
    outside = {host.name for host in tenant.hosts if tenant.segment(host.segment).side is Side.EXTERNAL}
    if resource.name not in outside:
        yield "a floating IP that belongs to no host of the external side"


RULE = Rule(
    title="The internal side has no floating IP and no leg in the provider network",
    controls=("8.1.3.1-c", "8.1.2.1-d"),
    check=_check,
    kinds=frozenset({"networking/FloatingIp", "compute/FloatingIp", "networking/Router"}),
)
