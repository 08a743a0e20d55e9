"""A tenant's parent is a tenant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC082"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every parent that nobody requested."""
    tenants = {request.id for request in zone.requests}
    for source in zone.tenants:
        parent = source.value.parent
        if parent and parent not in tenants | zone.unread:
            yield source.finding(CODE, "parent", valid=tenants)
