"""An image of its own belongs to an availability zone that some classification names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC182"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every availability zone with an image that no host can run in."""
    platform = zone.platform.value
    zones = {item.availability_zone for item in platform.classifications.values()}
    for name in platform.cloud.zone_images:
        if name not in zones:
            yield zone.platform.finding(CODE, "cloud", "zone_images", name, about_key=True, zone=name)
