"""The platform's administrators hold no role in a tenant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC167"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every role of a tenant that a group of the platform's administration holds."""
    administration = zone.platform.value.administration
    groups = {group: name for name, group in administration.items().items()} if administration else {}
    for source in zone.tenants:
        for role, held in source.value.roles.items():
            for index, group in enumerate(held):
                if group in groups:
                    yield source.finding(CODE, "roles", role, index, name=groups[group])
