"""What the request itself asks for fits into its quota."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.needs import needs

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC093"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every limit that is smaller than what the request itself asks for."""
    platform = zone.platform.value
    for source in zone.tenants:
        quota = source.value.quota
        if quota.quota_class not in platform.quota_classes:
            continue
        limits = quota.applied_to(platform.quota_classes[quota.quota_class]).model_dump()
        for name, need in needs(platform, source.value).items():
            if need > limits[name]:
                key = ("overrides", name) if name in quota.overrides else ("class",)
                details = {"limit": name, "need": need, "allowed": limits[name]}
                yield source.finding(CODE, "quota", *key, **details)
