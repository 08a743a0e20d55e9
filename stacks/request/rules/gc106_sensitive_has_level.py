"""Sensitive data is protected by level 3 of MLPS 2.0 at least."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import Classification

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC106"

LOWEST = 3
"""GB/T 22240-2020, table 1: serious damage to public order or interest."""


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every request for sensitive data below level 3."""
    for source in zone.tenants:
        request = source.value
        if request.classification is Classification.SENSITIVE and request.mlps_level < LOWEST:
            yield source.finding(CODE, "mlps_level")
