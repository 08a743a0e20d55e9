"""A host's name is unique in its request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC079"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every host with a name that one before it has."""
    for source in zone.tenants:
        names = [host.name for host in source.value.hosts]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield source.finding(CODE, "hosts", index, "name")
