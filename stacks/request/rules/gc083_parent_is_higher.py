"""A tenant's parent stands on a higher tier (province, city, county, town, village)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import Tier

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC083"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every parent that is not of a higher tier."""
    order = list(Tier)
    tiers = {request.id: request.tier for request in zone.requests}
    for source in zone.tenants:
        own, parent = source.value.tier, tiers.get(source.value.parent or "")
        if parent and order.index(parent) >= order.index(own):
            yield source.finding(CODE, "parent", parent_tier=parent.value, tier=own.value)
