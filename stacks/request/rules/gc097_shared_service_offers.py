"""A flow to a shared service uses a service that it offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.flow_ends import shared_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC097"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every flow with a service that the shared service does not have."""
    shared = zone.platform.value.shared_services
    for source in zone.tenants:
        for index, flow in enumerate(source.value.flows):
            for name in shared_ends(flow).values():
                if name in shared and flow.service not in shared[name].services:
                    valid = shared[name].services
                    yield source.finding(CODE, "flows", index, "service", name=name, valid=valid)
