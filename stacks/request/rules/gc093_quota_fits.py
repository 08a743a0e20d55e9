"""What the request itself asks for fits into its quota."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.needs import limits

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC093"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every limit that is smaller than what the request itself asks for."""
    for limit in limits(zone):
        if limit.need > limit.allowed:
            yield limit.finding(CODE)
