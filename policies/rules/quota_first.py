"""Nothing of a tenant is made before the limits of what it may make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.context import Context
from policies.expected.model import Hand
from policies.expected.tenant import VOLUME_QUOTA
from policies.resource import Resource
from policies.rule import StackRule

QUOTAS = ("networking/QuotaV2", "compute/QuotaSetV2")


def _check(stack: Mapping[str, Resource], context: Context) -> Iterator[tuple[str, str]]:
    """Whatever the tenant's own provider makes waits for the provider, so that one has to wait."""
    if context.tenant is None:
        return
    wanted = {*QUOTAS, VOLUME_QUOTA} if context.platform.platform.cloud.block_storage else {*QUOTAS}
    quotas = {item.urn for item in stack.values() if item.kind in wanted}
    for provider in stack.values():
        if provider.kind != "providers/openstack" or provider.name != Hand.TENANT:
            continue
        missing = len(wanted) - len(quotas & _before(provider, stack))
        if missing > 0:
            yield (
                provider.urn,
                f"the tenant's provider does not wait for {missing} of {len(wanted)} quotas",
            )


def _before(resource: Resource, stack: Mapping[str, Resource]) -> set[str]:
    """URNs of everything that exists before a resource."""
    found: set[str] = set()
    waiting = [resource]
    while waiting:
        new = waiting.pop().depends_on - found
        found |= new
        waiting += [stack[urn] for urn in new if urn in stack]
    return found


RULE = StackRule(
    title="A tenant's objects are made after its quotas",
    controls=("8.1.2.1-a", "8.2.5.1-a"),
    check=_check,
)
