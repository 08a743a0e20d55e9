"""No two volumes of a host are mounted in one place, or one inside the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC186"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every volume whose mount point is, holds or lies in that of one before it."""
    for source in zone.tenants:
        for number, host in enumerate(source.value.hosts):
            places = [f"{volume.mount}/" for volume in host.volumes]
            for index, place in enumerate(places):
                if any(place.startswith(other) or other.startswith(place) for other in places[:index]):
                    yield source.finding(CODE, "hosts", number, "volumes", index, "mount")
