"""No two seasons enlarge one host group on one day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.model.season import Season

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC161"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every season that meets one before it."""
    for source in zone.tenants:
        seasons = source.value.seasons
        for index, season in enumerate(seasons):
            for other in seasons[:index]:
                common = source.value.growing(season) & source.value.growing(other)
                if common and _meet(season, other):
                    yield source.finding(CODE, "seasons", index, hosts=sorted(common))
                    break


def _meet(one: Season, other: Season) -> bool:
    """Whether two parts of the year have a day in common: then one of them holds the other's first day."""
    return one.holds_on(other.first) or other.holds_on(one.first)
