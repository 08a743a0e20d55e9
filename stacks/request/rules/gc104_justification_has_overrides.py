"""A justification stands beside the overrides that it explains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC104"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield justifications of nothing."""
    for source in zone.tenants:
        quota = source.value.quota
        if quota.justification and not quota.overrides:
            yield source.finding(CODE, "quota", "justification", about_key=True)
