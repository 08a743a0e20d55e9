"""An exchange begins or ends at the tenant that declares it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.flow_ends import is_own

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC151"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every exchange between strangers."""
    for source in zone.tenants:
        tenant = source.value.id
        for index, exchange in enumerate(source.value.exchanges):
            if not is_own(exchange, tenant):
                yield source.finding(CODE, "exchanges", index, tenant=tenant)
