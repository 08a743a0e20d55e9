"""A tenant's last day is not before its first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC165"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every tenant that would end before it begins."""
    for source in zone.tenants:
        life = source.value.lifecycle
        if life.start and life.expiry and life.expiry < life.start:
            yield source.finding(CODE, "lifecycle", "expiry", start=life.start)
