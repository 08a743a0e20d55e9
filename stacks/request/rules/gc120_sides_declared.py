"""The platform has address space on both sides of the wall."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import Side

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC120"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every side without networks."""
    for side in Side:
        if side not in zone.platform.value.sides:
            yield zone.platform.finding(CODE, "sides", side.value, about_key=True)
