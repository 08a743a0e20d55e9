"""Sensitive data asks for MLPS level 3 or higher."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import Classification

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC175"


LEVEL = 3


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every tenant of sensitive data with a lower level."""
    for source in zone.tenants:
        request = source.value
        if request.classification is Classification.SENSITIVE and request.mlps_level < LEVEL:
            yield source.finding(CODE, "mlps_level", level=LEVEL)
