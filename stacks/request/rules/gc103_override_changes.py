"""An override differs from the limit of its class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC103"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every override that changes nothing."""
    classes = zone.platform.value.quota_classes
    for source in zone.tenants:
        quota = source.value.quota
        if quota.quota_class not in classes:
            continue
        limits = classes[quota.quota_class].model_dump()
        for name, limit in quota.overrides.items():
            if limits[name] == limit:
                yield source.finding(CODE, "quota", "overrides", name, offered=quota.quota_class)
