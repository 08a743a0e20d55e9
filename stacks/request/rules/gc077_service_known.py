"""A flow names a service of the platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC077"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every flow of an unknown service."""
    services = zone.platform.value.services
    for source in zone.tenants:
        for index, flow in enumerate(source.value.flows):
            if flow.service not in services:
                yield source.finding(CODE, "flows", index, "service", valid=services)
