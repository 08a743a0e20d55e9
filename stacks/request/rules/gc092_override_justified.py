"""Whoever overrides a limit of the quota class says why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC092"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield overrides without a justification."""
    for source in zone.tenants:
        quota = source.value.quota
        if quota.overrides and not quota.justification:
            yield source.finding(CODE, "quota", "overrides", about_key=True)
