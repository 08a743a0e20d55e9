"""Nothing on the internal side is ever published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import Side

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC123"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every zone of the internal side that allows publishing."""
    for name, placed in zone.platform.value.zones.items():
        if placed.publish and placed.side is Side.INTERNAL:
            yield zone.platform.finding(CODE, "zones", name, "publish")
