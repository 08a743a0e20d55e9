"""A request takes a quota class of the platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC076"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every unknown quota class."""
    classes = zone.platform.value.quota_classes
    for source in zone.tenants:
        if source.value.quota.quota_class not in classes:
            yield source.finding(CODE, "quota", "class", valid=classes)
