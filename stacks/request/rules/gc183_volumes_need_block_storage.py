"""Volumes are promised where the cloud has block storage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.platform import VOLUME_LIMITS

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC183"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every limit and type of volumes that no cloud can set."""
    platform = zone.platform.value
    if platform.cloud.block_storage:
        return
    for name, limits in platform.quota_classes.items():
        for limit in sorted(VOLUME_LIMITS):
            if getattr(limits, limit):
                yield zone.platform.finding(CODE, "quota_classes", name, limit)
    for data, handling in platform.classifications.items():
        if handling.volume_type is not None:
            yield zone.platform.finding(CODE, "classifications", str(data), "volume_type")
