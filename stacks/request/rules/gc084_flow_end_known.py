"""Both ends of a flow are segments that somebody requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import SHARED
from stacks.request.flow_ends import absolute_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC084"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every end of a flow that does not exist."""
    for source in zone.tenants:
        for index, flow in enumerate(source.value.flows):
            for key, end in absolute_ends(flow, source.value.id).items():
                if end not in zone.segment_sides and end.split("/")[0] not in {*zone.unread, SHARED}:
                    yield source.finding(CODE, "flows", index, key, end=end, valid=zone.segment_sides)
