"""Every port is guarded: port security on, security groups named, no address but its own."""

from __future__ import annotations

from collections.abc import Iterator

from policies.context import Context
from policies.resource import UNKNOWN, Resource
from policies.rule import Rule

LOOSE = {
    "allowedAddressPairs": "it may use addresses that are not its own",
    "bindings": "it chooses its own place, on which no rule may be enforced",
    "deviceOwner": "it poses as a part of the platform, which no rule guards",
}


def _check(resource: Resource, context: Context) -> Iterator[str]:
    if resource.value("portSecurityEnabled") not in (None, True):
        yield "portSecurityEnabled is not true: no rule is enforced, and any address may be used"
    for name, consequence in LOOSE.items():
        if resource.value(name):
            yield f"{name} is set: {consequence}"
    if resource.kind == "networking/Port" and not _is_leg(resource, context):
        groups = resource.value("securityGroupIds")
        if resource.value("noSecurityGroups") or (groups is not UNKNOWN and not groups):
            yield "no security group is named: no rule guards the port, or only the project's default ones"


def _is_leg(resource: Resource, context: Context) -> bool:
    """Whether the plan wants a router's port there; Neutron routers do without security groups."""
    expected = context.expected(resource)
    return expected is not None and "securityGroupIds" not in expected.values


RULE = Rule(
    title="Every port has security groups, port security and no address but its own",
    controls=("8.1.3.1-b", "8.2.3.1-a", "8.2.4.2-a"),
    check=_check,
    kinds=frozenset({"networking/Port", "networking/Network"}),
)
