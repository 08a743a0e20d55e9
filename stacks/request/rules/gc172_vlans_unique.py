"""A VLAN belongs to one segment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC172"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every segment whose VLAN another one has already."""
    offered = zone.platform.value.dedicated_networks
    held: dict[int, str] = {}
    for name, vlan in offered.vlans.items() if offered else ():
        if held.setdefault(vlan, name) != name:
            yield zone.platform.finding(CODE, "dedicated_networks", "vlans", name, other=held[vlan])
