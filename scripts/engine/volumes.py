"""Volumes are protected in the state, so that nothing removes them in passing; `destroy` means them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scripts.engine.explain import VOLUME_STAYS
from scripts.engine.pulumi import Pulumi
from stacks.errors import CloudError
from stacks.plan.model import Plan

VOLUME = "openstack:blockstorage/volume:Volume"


async def release_volumes(pulumi: Pulumi, stack: str) -> None:
    """Take the protection from every volume of a stack; everything else keeps what it has.

    Raises:
        CloudError: the state back end refused.
    """
    for urn in protected_volumes(await pulumi.state(stack)):
        finished = await pulumi.alter(stack, "state", "unprotect", urn, "--yes")
        if finished.code != 0:
            raise CloudError(
                f"the volumes of stack {stack} cannot be released: {finished.errors.strip()}",
                "Nothing was removed. Run the same command again; a lock says whose it is.",
            )


async def require_planned_volumes(pulumi: Pulumi, plan: Plan, stacks: Iterable[str]) -> None:
    """Refuse before hosts are taken out of service what would be refused when their turn comes.

    Raises:
        CloudError: the state back end refused, or a protected volume is not planned any more.
    """
    planned, existing = planned_volumes(plan), await pulumi.stacks()
    for stack in stacks:
        if stack in existing:
            require_volumes_stay(await pulumi.state(stack), planned[stack])


def planned_volumes(plan: Plan) -> dict[str, frozenset[str]]:
    """Names of the planned volumes, by tenant."""
    return {
        tenant.id: frozenset(volume.name for host in tenant.hosts for volume in host.volumes)
        for tenant in plan.tenants
    }


def protected_volumes(state: dict[str, Any]) -> list[str]:
    """URNs of the protected volumes of an exported state."""
    resources = state["deployment"].get("resources") or []
    return [item["urn"] for item in resources if item["type"] == VOLUME and item.get("protect")]


def require_volumes_stay(state: dict[str, Any], keeping: frozenset[str] | None) -> None:
    """Refuse at once what Pulumi would refuse only after it has taken the volume off its host.

    Args:
        state: the stack's, as exported.
        keeping: names of the planned volumes; `None` where volumes may go.

    Raises:
        CloudError: a protected volume is not planned any more.
    """
    names = [urn.rsplit("::", 1)[-1] for urn in protected_volumes(state)]
    if keeping is not None and (leaving := sorted(set(names) - keeping)):
        raise CloudError(f"{', '.join(leaving)}: {VOLUME_STAYS}")
