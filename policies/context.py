"""What the rules may know: the stack, the plan, and what the plan makes of the stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from policies.expected.model import Expected, Ref, Shared
from policies.expected.platform import platform_objects
from policies.expected.tenant import tenant_objects
from policies.resource import Resource
from stacks.plan.model import Plan, PlatformPlan, SecurityGroupPlan, TenantPlan
from stacks.plan.naming import PLATFORM_STACK
from stacks.settings import Settings


@dataclass(frozen=True)
class Context:
    """What is known of one stack.

    Attributes:
        tenant: the plan of the stack's tenant; `None` for the platform and for a stack that nobody requested.
        objects: what the plan wants, by kind and name; nothing for a stack that nobody requested.
        ids: which id each reference had so far in this run; the one thing that is written while it goes on.
    """

    stack: str
    platform: PlatformPlan
    tenant: TenantPlan | None
    objects: Mapping[tuple[str, str], Expected]
    ids: dict[Ref | Shared, str] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, stack: str, plan: Plan, settings: Settings) -> Context:
        """The context of a stack."""
        tenant = next((tenant for tenant in plan.tenants if tenant.id == stack), None)
        found: list[Expected] = []
        if tenant:
            found += tenant_objects(tenant, plan.platform, settings)
        elif stack == PLATFORM_STACK:
            found += platform_objects(plan.platform, settings)
        return cls(stack, plan.platform, tenant, {item.key: item for item in found})

    @property
    def requested(self) -> bool:
        """Whether the plan has this stack at all."""
        return bool(self.objects)

    def expected(self, resource: Resource) -> Expected | None:
        """What the plan says of a resource; `None` where it wants no such thing."""
        return self.objects.get((resource.kind, resource.name))

    @property
    def publications(self) -> tuple[SecurityGroupPlan, ...]:
        """The security groups that open published ports."""
        return self.tenant.publications if self.tenant else ()
