"""What the request itself asks for fits into its quota."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.needs import quotas

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC093"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every limit that is smaller than what the request itself asks for."""
    for quota in quotas(zone):
        for name, need in quota.need.items():
            if need > quota.limits[name]:
                yield quota.finding(CODE, name)
