"""What the stacks have built, read from Pulumi's state."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from scripts.engine.pulumi import Pulumi
from scripts.engine.state import never_used
from stacks.errors import CloudError
from stacks.outputs import PlatformOutputs, TenantOutputs
from stacks.plan.naming import PLATFORM_STACK
from stacks.settings import Settings


@dataclass(frozen=True)
class DeployedZone:
    """Outputs of every stack that is up.

    Attributes:
        tenants: by tenant id; a tenant whose stack does not exist or is empty is absent.
    """

    platform: PlatformOutputs
    tenants: dict[str, TenantOutputs]


def read_outputs(settings: Settings) -> DeployedZone:
    """Ask Pulumi for every stack's outputs.

    Raises:
        CloudError: the platform is not up.
    """
    if never_used(settings):
        raise _not_up()
    return asyncio.run(_read(Pulumi(settings)))


async def _read(pulumi: Pulumi) -> DeployedZone:
    existing = await pulumi.stacks()
    platform = await read_platform(pulumi) if PLATFORM_STACK in existing else None
    if platform is None:
        raise _not_up()
    names = sorted(existing - {PLATFORM_STACK})
    found = await asyncio.gather(*(pulumi.json("stack", "output", "--stack", name) for name in names))
    tenants = {
        name: TenantOutputs.model_validate(values)
        for name, values in zip(names, found, strict=True)
        if values
    }
    return DeployedZone(platform, tenants)


def _not_up() -> CloudError:
    return CloudError("the platform is not up yet.", "Run `govcloud up`.")


async def read_platform(pulumi: Pulumi) -> PlatformOutputs | None:
    """The platform's outputs; `None` while it was never completed."""
    values = await pulumi.json("stack", "output", "--stack", PLATFORM_STACK)
    return (
        PlatformOutputs.model_validate(values) if len(values) >= len(PlatformOutputs.model_fields) else None
    )
