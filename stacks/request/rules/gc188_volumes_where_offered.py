"""Volumes are asked for where the cloud has block storage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC188"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield the volumes of every host group where the platform offers none."""
    if zone.platform.value.cloud.block_storage:
        return
    for source in zone.tenants:
        for number, host in enumerate(source.value.hosts):
            if host.volumes:
                yield source.finding(CODE, "hosts", number, "volumes", about_key=True)
