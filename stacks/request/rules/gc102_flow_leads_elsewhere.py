"""A flow leads from one segment to another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.flow_ends import absolute_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC102"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every flow whose ends are the same segment."""
    for source in zone.tenants:
        for index, flow in enumerate(source.value.flows):
            start, end = absolute_ends(flow, source.value.id).values()
            if start == end:
                yield source.finding(CODE, "flows", index, start=start)
