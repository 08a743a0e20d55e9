"""An exchange crosses the wall; inside a side a flow is the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.flow_ends import absolute_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC152"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every exchange that stays on one side."""
    for source in zone.tenants:
        for index, exchange in enumerate(source.value.exchanges):
            start, end = (
                zone.segment_sides.get(name) for name in absolute_ends(exchange, source.value.id).values()
            )
            if start is not None and start is end:
                yield source.finding(CODE, "exchanges", index, "to", side=start)
