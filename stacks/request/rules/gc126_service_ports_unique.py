"""A protocol and port belong to one service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC126"

DHCP = ("udp", 67, 67)
"""Protocol, first and last port. Every host uses it; no flow may close or open it."""


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every service on a port that is taken."""
    known = {DHCP: "DHCP"}
    for name, service in zone.platform.value.services.items():
        for first, last in service.spans:
            taken = f"{service.protocol} {first}" + (f"-{last}" if last > first else "")
            for (protocol, low, high), owner in known.items():
                if protocol == service.protocol and first <= high and low <= last:
                    yield zone.platform.finding(CODE, "services", name, taken=taken, owner=owner)
            known.setdefault((service.protocol, first, last), name)
