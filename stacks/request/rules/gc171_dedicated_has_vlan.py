"""The operators have given every dedicated segment a VLAN."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC171"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every dedicated segment without a VLAN."""
    offered = zone.platform.value.dedicated_networks
    vlans = offered.vlans if offered else {}
    for source in zone.tenants:
        dedicated = source.value.dedicated_network
        for index, name in enumerate(dedicated.segments if dedicated else ()):
            wanted = f"{source.value.id}/{name}"
            if wanted not in vlans:
                yield source.finding(CODE, "dedicated_network", "segments", index, wanted=wanted)
