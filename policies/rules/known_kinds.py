"""Only the kinds of object that the landing zone is made of."""

from __future__ import annotations

from collections.abc import Iterator

from policies.context import Context
from policies.resource import Resource
from policies.rule import Rule

TENANT = frozenset(
    {
        "blockstorage/QuoteSetV3",
        "blockstorage/Volume",
        "compute/Instance",
        "compute/Keypair",
        "compute/QuotaSetV2",
        "compute/VolumeAttach",
        "identity/GroupV3",
        "identity/InheritRoleAssignment",
        "identity/Project",
        "identity/RoleAssignment",
        "identity/User",
        "networking/FloatingIp",
        "networking/Network",
        "networking/Port",
        "networking/QuotaV2",
        "networking/Router",
        "networking/RouterInterface",
        "networking/RouterRoutesV2",
        "networking/SecGroup",
        "networking/SecGroupRule",
        "networking/Subnet",
        "networking/SubnetRoute",
        "providers/openstack",
    }
)
"""What a tenant's stack is made of. Whatever is added here needs its expectation in `policies.expected`."""

TENANTS_OWN = frozenset(
    {
        "blockstorage/QuoteSetV3",
        "blockstorage/Volume",
        "compute/QuotaSetV2",
        "compute/VolumeAttach",
        "networking/QuotaV2",
        "networking/SubnetRoute",
    }
)

PLATFORM = (TENANT - TENANTS_OWN) | {
    "compute/Flavor",
    "identity/Role",
    "images/Image",
    "networking/AddressScope",
    "networking/SubnetPool",
}


def _check(resource: Resource, context: Context) -> Iterator[str]:
    if resource.kind not in (TENANT if context.tenant else PLATFORM):
        owner = "a tenant's" if context.tenant else "the platform's"
        yield f"{owner} stack has no {resource.kind}"


RULE = Rule(
    title="A stack holds only what the landing zone is made of",
    controls=("8.1.3.1-a", "8.2.2.1-b", "8.2.4.4-b"),
    check=_check,
)
