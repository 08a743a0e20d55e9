"""A tenant declares only flows that begin or end at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.flow_ends import is_own

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC085"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every flow between strangers."""
    for source in zone.tenants:
        tenant = source.value.id
        for index, flow in enumerate(source.value.flows):
            if not is_own(flow, tenant):
                yield source.finding(CODE, "flows", index, tenant=tenant)
