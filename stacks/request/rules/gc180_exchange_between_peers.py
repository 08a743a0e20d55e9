"""An exchange joins tenants whose classifications may be peers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import Classification
from stacks.request.flow_ends import absolute_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC180"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every exchange with a tenant that this one may have nothing to do with."""
    classes = {request.id: request.classification for request in zone.requests}
    for source in zone.tenants:
        tenant, own = source.value.id, source.value.classification
        for index, exchange in enumerate(source.value.exchanges):
            for key, end in absolute_ends(exchange, tenant).items():
                owner = end.partition("/")[0]
                other = classes.get(owner)
                if owner == tenant or other is None or Classification.CLASSIFIED in (own, other):
                    continue  # Classified data has a finding of its own.
                if not zone.platform.value.peers(own, other):
                    yield source.finding(CODE, "exchanges", index, key, own=own, other=other)
