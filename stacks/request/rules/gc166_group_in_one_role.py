"""No group stands in two roles of a tenant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC166"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every group that stands in a role before."""
    for source in zone.tenants:
        held: dict[str, str] = {}
        for role, groups in source.value.roles.items():
            for index, group in enumerate(groups):
                if held.setdefault(group, role) != role:
                    yield source.finding(CODE, "roles", role, index, role=held[group])
