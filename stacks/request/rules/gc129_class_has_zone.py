"""For every class of data there is a zone that accepts it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import Classification

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC129"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every class that no zone accepts."""
    zones = zone.platform.value.zones
    accepted = {name for placed in zones.values() for name in placed.accepts}
    missing = [item.value for item in Classification if item.value not in accepted]
    for name in missing:
        if name != Classification.CLASSIFIED:
            yield zone.platform.finding(CODE, "zones", about_key=True, missing=name)
