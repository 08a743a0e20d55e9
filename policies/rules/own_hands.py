"""Every resource is made with the rights that the plan gives it: a tenant's with the tenant's own."""

from __future__ import annotations

from collections.abc import Iterator

from policies.context import Context
from policies.expected.model import Hand
from policies.planned import as_planned
from policies.resource import Resource
from policies.rule import Rule


def _check(resource: Resource, context: Context) -> Iterator[str]:
    if resource.kind == "providers/openstack":
        yield from as_planned(resource, context)
        return
    expected = context.expected(resource)
    hand = Hand.TENANT if context.tenant else Hand.ADMINISTRATOR
    if expected and expected.hand:
        hand = expected.hand
    used = resource.provider
    if used is None or used.kind != "providers/openstack" or used.name != hand:
        by = f"the provider {used.name!r}" if used else "no provider of its own"
        yield f"made by {by} instead of {hand.value!r}"


RULE = Rule(
    title="A tenant's resources are made with the tenant's own credentials",
    controls=("8.1.4.2-d", "8.2.2.1-b", "8.1.5.1-b"),
    check=_check,
)
