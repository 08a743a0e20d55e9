"""Both ends of an exchange are segments that somebody requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.flow_ends import absolute_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC150"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every end of an exchange that does not exist."""
    for source in zone.tenants:
        for index, exchange in enumerate(source.value.exchanges):
            for key, end in absolute_ends(exchange, source.value.id).items():
                if end not in zone.segment_sides and end.split("/")[0] not in zone.unread:
                    yield source.finding(CODE, "exchanges", index, key, end=end, valid=zone.segment_sides)
