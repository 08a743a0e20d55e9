"""A flow is declared once by a tenant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.flow_ends import absolute_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC101"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every flow that the same request declares before."""
    for source in zone.tenants:
        seen = set()
        for index, flow in enumerate(source.value.flows):
            declared = (*absolute_ends(flow, source.value.id).values(), flow.service)
            if declared in seen:
                yield source.finding(CODE, "flows", index)
            seen.add(declared)
