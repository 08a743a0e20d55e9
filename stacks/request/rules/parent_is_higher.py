"""A tenant's parent exists and stands on a higher tier (province, city, county, town, village)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic, did_you_mean
from stacks.request.fields import Tier

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every parent that does not exist or is not of a higher tier."""
    order = list(Tier)
    tiers = {source.value.id: source.value.tier for source in zone.tenants}
    for source in zone.tenants:
        parent = source.value.parent
        if parent is None or parent in zone.unread:
            continue
        at = source.document.position("parent")
        if parent not in tiers:
            yield Diagnostic(at, f"parent: {parent!r} is unknown; {did_you_mean(parent, tiers)}")
        elif order.index(tiers[parent]) >= order.index(source.value.tier):
            message = (
                f"parent: {parent!r} is a {tiers[parent]}; a {source.value.tier} lies below a higher tier"
            )
            yield Diagnostic(at, message)
