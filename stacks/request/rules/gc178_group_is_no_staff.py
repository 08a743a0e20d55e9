"""No role goes to a group that is a tenant's own staff."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC178"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every named group that is called like a tenant; to Keystone the case of letters is nothing."""
    tenants = {request.id for request in zone.requests}
    administration = zone.platform.value.administration
    for name, group in administration.items().items() if administration else ():
        if group.casefold() in tenants:
            yield zone.platform.finding(CODE, "administration", name)
    for source in zone.tenants:
        for role, held in source.value.roles.items():
            for index, group in enumerate(held):
                if group.casefold() in tenants:
                    yield source.finding(CODE, "roles", role, index)
