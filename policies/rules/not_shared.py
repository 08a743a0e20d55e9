"""Nobody gives a network, or anything else of Neutron's, to other projects."""

from __future__ import annotations

from collections.abc import Iterator

from policies.context import Context
from policies.resource import Resource
from policies.rule import Rule

PLATFORMS = frozenset({"networking/AddressScope", "networking/SubnetPool"})
"""What the platform's stack shares, so that tenants may take addresses from it."""


def _check(resource: Resource, context: Context) -> Iterator[str]:
    if resource.kind == "networking/RbacPolicyV2":
        yield "an RBAC policy gives an object to other projects"
    shared = resource.value("shared") not in (None, False)
    if shared and (context.tenant or resource.kind not in PLATFORMS):
        yield "shared is set: every project could use it"
    if resource.value("external") not in (None, False) and resource.kind == "networking/Network":
        yield "external is set: every project could use it as a provider network"
    if resource.kind == "images/Image" and resource.value("visibility") != "private" and context.tenant:
        yield "an image of a tenant that others see"


RULE = Rule(
    title="Nothing of a tenant is shared with other projects",
    controls=("8.2.2.1-b", "8.1.2.1-d"),
    check=_check,
)
