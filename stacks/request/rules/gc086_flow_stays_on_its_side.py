"""No flow crosses the wall between the external and the internal side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.flow_ends import absolute_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC086"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every flow from one side to the other."""
    sides = zone.segment_sides
    for source in zone.tenants:
        for index, flow in enumerate(source.value.flows):
            start, end = absolute_ends(flow, source.value.id).values()
            from_side, to_side = sides.get(start), sides.get(end)
            if from_side and to_side and from_side is not to_side:
                yield source.finding(
                    CODE, "flows", index, start=start, from_side=from_side, end=end, to_side=to_side
                )
