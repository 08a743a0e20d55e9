"""Only its provider writes a flow from a shared service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.flow_ends import shared_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC098"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every flow from a shared service that another tenant provides."""
    shared = zone.platform.value.shared_services
    for source in zone.tenants:
        for index, flow in enumerate(source.value.flows):
            for key, name in shared_ends(flow).items():
                if key == "from" and name in shared and shared[name].provider != source.value.id:
                    provider = shared[name].provider
                    yield source.finding(CODE, "flows", index, key, name=name, provider=provider)
