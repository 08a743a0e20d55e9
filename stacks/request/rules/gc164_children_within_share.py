"""The quotas of a tenant's children together are no more than its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.platform import SCARCE_LIMITS

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC164"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every tenant whose children have more of a limit than itself."""
    classes = zone.platform.value.quota_classes
    quotas = {
        request.id: request.peak_quota(classes).model_dump()
        for request in zone.requests
        if request.quota.quota_class in classes
    }
    children: dict[str, set[str]] = {}
    for request in zone.requests:
        children.setdefault(request.parent or "", set()).add(request.id)
    for source in zone.tenants:
        request = source.value
        below = sorted(children.get(request.id, set()) & quotas.keys())
        promised = {name: sum(quotas[child][name] for child in below) for name in SCARCE_LIMITS}
        own = quotas.get(request.id, promised)
        over = [f"{name} {amount} > {own[name]}" for name, amount in promised.items() if amount > own[name]]
        if over:
            yield source.finding(CODE, "quota", over=over, children=below)
