"""The package source is named by its address, because rules are made from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.platform_networks import address

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC125"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield a package source whose host is a name."""
    host = zone.platform.value.core_services.packages.host
    if address(host) is None:
        yield zone.platform.finding(CODE, "core_services", "packages", host=host)
