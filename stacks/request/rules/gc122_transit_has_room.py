"""Networks that the tenants' routers join have room for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.platform_networks import own_networks

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC122"

SMALLEST = 26
"""Longest prefix of a network that tenants' routers join; the platform keeps its first 16 addresses."""


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every transit network that is too small."""
    for key, network in own_networks(zone.platform.value).items():
        if key[-1] in {"backbone", "network"} and network.prefixlen > SMALLEST:
            yield zone.platform.finding(CODE, *key, smallest=SMALLEST)
