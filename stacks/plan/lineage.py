"""Tiers: who stands above whom, from province down to village."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stacks.errors import PlanError
from stacks.language import say
from stacks.request.tenant import TenantRequest


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
