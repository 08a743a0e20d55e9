"""The files of an exchange are no more sensitive than what its ends hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.flow_ends import absolute_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC155"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every exchange of data that an end may not hold."""
    held = {request.id: request.classification for request in zone.requests}
    for source in zone.tenants:
        for index, exchange in enumerate(source.value.exchanges):
            for end in absolute_ends(exchange, source.value.id).values():
                own = held.get(end.split("/")[0])
                if own is not None and exchange.data_class.rank > own.rank:
                    yield source.finding(CODE, "exchanges", index, "data_class", end=end, held=own)
