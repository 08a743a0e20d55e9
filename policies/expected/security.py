"""A security group and its rules."""

from __future__ import annotations

from collections.abc import Iterator

from policies.expected.model import Expected, Hand, Ref
from stacks.plan.model import SecurityGroupPlan


def security_group(
    group: SecurityGroupPlan, tags: tuple[str, ...], hand: Hand = Hand.TENANT
) -> Iterator[Expected]:
    """The group without Neutron's default rules, and each planned rule."""
    values = {
        "name": group.name,
        "description": group.description,
        "deleteDefaultRules": True,
        "tags": list(tags),
    }
    yield Expected("networking/SecGroup", group.name, hand, values)
    for rule in group.rules:
        properties = {
            "securityGroupId": Ref("networking/SecGroup", group.name),
            "direction": rule.direction.value,
            "ethertype": "IPv4",
            "protocol": rule.protocol,
            "portRangeMin": rule.ports[0],
            "portRangeMax": rule.ports[-1],
            "remoteIpPrefix": str(rule.remote),
            "description": rule.reason,
        }
        yield Expected("networking/SecGroupRule", f"{group.name}-{rule.key}", hand, properties)
