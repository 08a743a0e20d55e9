"""No tenant is promised more than the whole cloud has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC176"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every limit that is larger than the platform's capacity, in the largest season too."""
    platform = zone.platform.value
    for source in zone.tenants:
        request = source.value
        if request.quota.quota_class not in platform.quota_classes:
            continue
        limits = request.peak_quota(platform.quota_classes).model_dump()
        for name, capacity in platform.capacity.items():
            if limits[name] > capacity:
                key = ("overrides", name) if name in request.quota.overrides else ("class",)
                details = {"limit": name, "wanted": limits[name], "capacity": capacity}
                yield source.finding(CODE, "quota", *key, **details)
