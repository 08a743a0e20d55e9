"""A host name belongs to one tenant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC090"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every host name that another tenant publishes."""
    owners: dict[str, str] = {}
    for source in zone.tenants:
        for index, item in enumerate(source.value.publish):
            owner = owners.setdefault(item.hostname, source.value.id)
            if owner != source.value.id:
                yield source.finding(CODE, "publish", index, "hostname", owner=owner)
