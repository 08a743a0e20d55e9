"""Tiers: who stands above whom, from province down to village, and where that puts projects in Keystone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from stacks.errors import PlanError
from stacks.language import say
from stacks.request.tenant import TenantRequest


@dataclass(frozen=True)
class NodePlan:
    """The Keystone project that the tenants below another one stand in; nothing runs there.

    The tenant's own project stands beside it. So it never moves when the tenant gets its first child, and no
    role in it reaches the tenants below.

    Attributes:
        name: the project's name; the dot keeps it apart from every tenant's id.
        above: the tenant above, in whose node this one stands; none for the domain.
        below: every tenant below, at any depth, sorted.
    """

    tenant: str
    name: str
    above: str | None
    below: tuple[str, ...]


def node_name(tenant: str) -> str:
    """Name of the node of a tenant that has others below it."""
    return f"{tenant}.below"


def nodes(requests: Mapping[str, TenantRequest]) -> tuple[NodePlan, ...]:
    """The node of each tenant that has children, the highest first."""
    below = children(requests.values())
    found = {tenant: len(ancestors(tenant, requests)) for tenant in below if tenant in requests}
    return tuple(
        NodePlan(tenant, node_name(tenant), requests[tenant].parent, tuple(sorted(_all_below(tenant, below))))
        for tenant in sorted(found, key=lambda tenant: (found[tenant], tenant))
    )


def _all_below(tenant: str, below: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for child in below.get(tenant, ()):
        yield child
        yield from _all_below(child, below)


def ancestors(tenant: str, requests: Mapping[str, TenantRequest]) -> tuple[str, ...]:
    """The tenants above one, the highest first.

    Raises:
        PlanError: the parents form a circle.
    """
    found: list[str] = []
    above = requests[tenant].parent
    while above is not None and above in requests:
        if above in (tenant, *found):
            circle = " → ".join((tenant, *found, above))
            raise PlanError(say("space.circle", circle=circle), say("space.circle-hint"))
        found.append(above)
        above = requests[above].parent
    return tuple(reversed(found))


def children(requests: Iterable[TenantRequest]) -> dict[str, tuple[str, ...]]:
    """The tenants right below each one that has some, sorted."""
    found: dict[str, list[str]] = {}
    for request in requests:
        if request.parent is not None:
            found.setdefault(request.parent, []).append(request.id)
    return {parent: tuple(sorted(below)) for parent, below in found.items()}
