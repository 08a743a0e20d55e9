"""The volumes of a host: each host of a group has its own, of the type that its data's class wants."""

from __future__ import annotations

from stacks.plan.model import VolumePlan
from stacks.plan.placement import Placement
from stacks.request.tenant import Host

DATA_OPTIONS = ("nodev", "nosuid")
"""What no folder for data needs: devices, and programs with their owner's rights (CIS Debian 12, 1.1.2)."""


def volumes(tenant: str, group: Host, number: int, placed: Placement) -> tuple[VolumePlan, ...]:
    """The volumes of the host of that number, from 1.

    No name that a request writes has a dot in it, so that no two volumes of a tenant have the same name.
    """
    return tuple(
        VolumePlan(
            key=volume.name,
            name=f"{tenant}-{group.name}-{number}.{volume.name}",
            size=volume.size,
            type=placed.volume_type,
            mount=volume.mount,
            options=DATA_OPTIONS if volume.programs else (*DATA_OPTIONS, "noexec"),
        )
        for volume in group.volumes
    )
