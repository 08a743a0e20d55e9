"""The quotas of all tenants: what is promised, used and free of the platform's capacity, and the tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stacks.plan.lineage import children
from stacks.plan.model import Plan, TenantPlan
from stacks.plan.usage import usage
from stacks.request.platform import QuotaClass


@dataclass(frozen=True)
class Share:
    """One limit over all tenants; memory in MiB, storage in GiB.

    Attributes:
        capacity: what the platform has; `None` where its file does not say.
        promised: the sum of the tenants' quotas. The cloud enforces each alone, so a parent's counts beside
            its children's.
        used: what the planned objects take.
    """

    limit: str
    capacity: int | None
    promised: int
    used: int

    @property
    def free(self) -> int | None:
        """What is left of the capacity after everything that is promised; negative when too much is."""
        return None if self.capacity is None else self.capacity - self.promised


@dataclass(frozen=True)
class Node:
    """One tenant in the quota tree.

    Attributes:
        depth: how many tenants stand above it.
        below: the sum of its children's quotas; never more than its own.
        used: what its own planned objects take.
        rolled_up: what it and everybody below it take.
    """

    tenant: str
    depth: int
    quota: dict[str, int]
    below: dict[str, int]
    used: dict[str, int]
    rolled_up: dict[str, int]


def shares(plan: Plan) -> tuple[Share, ...]:
    """Every limit, in the order of the platform file."""
    capacity = {str(name): count for name, count in plan.platform.platform.capacity.items()}
    used = [usage(tenant, plan.platform) for tenant in plan.tenants]
    return tuple(
        Share(
            limit=name,
            capacity=capacity.get(name),
            promised=sum(getattr(tenant.quotas, name) for tenant in plan.tenants),
            used=sum(item[name] for item in used),
        )
        for name in QuotaClass.model_fields
    )


def tree(plan: Plan) -> tuple[Node, ...]:
    """Every tenant below its parent, from the highest tier down."""
    nodes = _Tree(plan)
    roots = (tenant.id for tenant in plan.tenants if not tenant.lineage)
    return tuple(node for root in roots for node in nodes.walk(root, 0))


class _Tree:
    """The tenants of a plan by id, and who stands below whom."""

    def __init__(self, plan: Plan) -> None:
        self.tenants: dict[str, TenantPlan] = {tenant.id: tenant for tenant in plan.tenants}
        self.children = children(tenant.request for tenant in plan.tenants)
        self.used = {name: usage(tenant, plan.platform) for name, tenant in self.tenants.items()}

    def walk(self, tenant: str, depth: int) -> Iterator[Node]:
        """A tenant, then everybody below it."""
        below = self.children.get(tenant, ())
        yield Node(
            tenant=tenant,
            depth=depth,
            quota=self.tenants[tenant].quotas.model_dump(),
            below=_sum([self.tenants[child].quotas.model_dump() for child in below]),
            used=self.used[tenant],
            rolled_up=_sum([self.used[name] for name in self.subtree(tenant)]),
        )
        for child in below:
            yield from self.walk(child, depth + 1)

    def subtree(self, tenant: str) -> Iterator[str]:
        """A tenant and everybody below it."""
        yield tenant
        for child in self.children.get(tenant, ()):
            yield from self.subtree(child)


def _sum(limits: list[dict[str, int]]) -> dict[str, int]:
    return {name: sum(item[name] for item in limits) for name in QuotaClass.model_fields}
