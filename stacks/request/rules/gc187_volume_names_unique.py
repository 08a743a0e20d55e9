"""A volume's name is unique in its host group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC187"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every volume with a name that one before it has."""
    for source in zone.tenants:
        for number, host in enumerate(source.value.hosts):
            names = [volume.name for volume in host.volumes]
            for index, name in enumerate(names):
                if name in names[:index]:
                    yield source.finding(CODE, "hosts", number, "volumes", index, "name")
