"""Flows join tenants whose classifications may be peers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import Classification
from stacks.request.flow_ends import absolute_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC169"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every flow with a tenant that this one may not have flows with, or the other way round."""
    classes = {request.id: request.classification for request in zone.requests}
    handling = zone.platform.value.handling
    for source in zone.tenants:
        own = source.value.classification
        for index, flow in enumerate(source.value.flows):
            for key, end in absolute_ends(flow, source.value.id).items():
                other = classes.get(end.split("/")[0], own)
                if own is other or Classification.CLASSIFIED in (own, other):
                    continue
                if other not in handling(own).peers or own not in handling(other).peers:
                    yield source.finding(CODE, "flows", index, key, own=own, other=other)
