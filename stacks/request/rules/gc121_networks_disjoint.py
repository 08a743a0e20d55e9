"""No two networks of the platform overlap, and what is outside lies outside."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic, dotted
from stacks.request.platform_networks import outsiders, own_networks

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC121"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every overlap."""
    networks = list(own_networks(zone.platform.value).items())
    others = outsiders(zone.platform.value).items()
    for (key, network), (other_key, other) in [*combinations(networks, 2), *product(networks, others)]:
        if network.overlaps(other):
            taken = f"{dotted(key)} {network}"
            yield zone.platform.finding(CODE, *other_key, network=other, taken=taken)
