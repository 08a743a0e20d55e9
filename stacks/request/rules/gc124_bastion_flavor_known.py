"""The bastion has a flavor of the platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC124"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield an unknown flavor of the bastion."""
    flavors = zone.platform.value.flavors
    if zone.platform.value.management.bastion_flavor not in flavors:
        yield zone.platform.finding(CODE, "management", "bastion_flavor", valid=flavors)
