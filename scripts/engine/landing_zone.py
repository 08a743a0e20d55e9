"""The whole landing zone: the platform first where it must change, then tenants side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from scripts.engine.operations import DESTROY, UP, Operation, Result, Watcher, operate, raise_failures
from scripts.engine.outputs import read_platform
from scripts.engine.pulumi import Pulumi
from scripts.engine.sharing import CONCURRENT_STACKS, shared_out
from scripts.engine.volumes import planned_volumes
from stacks.errors import CloudError
from stacks.outputs import PlatformOutputs
from stacks.plan.grants import DEPLOYER
from stacks.plan.model import Plan, PlatformPlan
from stacks.plan.naming import PLATFORM_STACK
from stacks.settings import Settings


async def up(
    settings: Settings, plan: Plan, tenants: Sequence[str], watch: Watcher, *, with_platform: bool
) -> list[Result]:
    """Bring stacks to their plan; the platform too when asked, or when it lacks what tenants refer to.

    Raises:
        CloudError: a stack failed; the others went on to their end.
    """
    pulumi = Pulumi(settings)
    async with pulumi.programs():
        asked = asyncio.ensure_future(_platform_ready(pulumi, plan))
        try:
            existing = await pulumi.stacks()
        finally:
            ready = await asked
        results = []
        if with_platform or not ready:
            platform = Operation(PLATFORM_STACK, UP, new=PLATFORM_STACK not in existing)
            results.append(await operate(pulumi, settings, platform, watch))
            raise_failures(results)
        volumes = planned_volumes(plan)
        operations = [
            Operation(stack, UP, new=stack not in existing, keeping=volumes.get(stack)) for stack in tenants
        ]
        results += await _side_by_side(pulumi, settings, operations, watch)
    raise_failures(results)
    return results


async def destroy(settings: Settings, stacks: Sequence[str], watch: Watcher) -> list[Result]:
    """Remove everything of the stacks from the cloud, and the stacks themselves.

    Raises:
        CloudError: a stack failed; what was removed stays removed.
    """
    pulumi = Pulumi(settings)
    existing = await pulumi.stacks()
    wanted = [stack for stack in stacks if stack in existing]
    operations = [Operation(stack, DESTROY) for stack in wanted]
    results = await _side_by_side(pulumi, settings, operations, watch)
    raise_failures(results)
    return results


async def _platform_ready(pulumi: Pulumi, plan: Plan) -> bool:
    try:
        platform = await read_platform(pulumi)
    except CloudError:  # There is no such stack. If the back end itself fails, listing the stacks says so.
        return False
    return platform is not None and _serves(platform, plan.platform)


def _serves(built: PlatformOutputs, plan: PlatformPlan) -> bool:
    """Whether everything is there that tenants refer to; what is there in vain may stay for now."""
    wanted = (
        ({f"{route.destination} via {route.next_hop}" for route in plan.tenant_routes}, built.routes),
        ({group.name for group in plan.groups}, built.groups),
        ({DEPLOYER, *plan.roles}, built.roles),
        ({node.tenant for node in plan.nodes}, built.nodes),
    )
    return all(names <= set(there) for names, there in wanted)


async def _side_by_side(
    pulumi: Pulumi, settings: Settings, operations: Sequence[Operation], watch: Watcher
) -> list[Result]:
    slots = asyncio.Semaphore(CONCURRENT_STACKS)
    share = shared_out(len(operations))

    async def one(operation: Operation) -> Result:
        async with slots:
            return await operate(pulumi, settings, replace(operation, share=share), watch)

    return list(await asyncio.gather(*map(one, operations)))
