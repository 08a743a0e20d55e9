"""Nobody reaches a host from everywhere, but through a published port of a zone that may publish."""

from __future__ import annotations

from collections.abc import Iterator

from policies.addresses import is_everybody
from policies.context import Context
from policies.resource import Resource
from policies.rule import Rule
from stacks.plan.model import publication_name


def _check(resource: Resource, context: Context) -> Iterator[str]:
    if resource.value("direction") == "egress" or not is_everybody(resource):
        return
    ports = resource.value("portRangeMin"), resource.value("portRangeMax")
    if resource.value("protocol") != "tcp" or ports not in _published(resource, context):
        yield "an ingress rule that everybody may use, and no request publishes this port here"


def _published(resource: Resource, context: Context) -> set[tuple[object, object]]:
    """The published ports of the hosts whose security group the rule claims, by its name, to be of."""
    tenant, zones = context.tenant, context.platform.platform.zones
    if tenant is None:
        return set()
    return {
        (port, port)
        for host in tenant.hosts
        if resource.name.startswith(f"{publication_name(tenant.id, host.group)}-ingress-")
        and zones[tenant.segment(host.segment).zone].publish
        for port in host.published_ports
    }


RULE = Rule(
    title="Only published ports of a zone that may publish are open to everybody",
    controls=("8.1.3.2-a", "8.2.3.1-a"),
    check=_check,
    kinds=frozenset({"networking/SecGroupRule"}),
)
