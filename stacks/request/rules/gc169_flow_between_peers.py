"""Flows join tenants whose classifications may be peers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import Classification
from stacks.request.flow_ends import absolute_ends, answering

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC169"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every flow with a tenant that this one may not have flows with, or the other way round."""
    platform = zone.platform.value
    classes = {request.id: request.classification for request in zone.requests}
    for source in zone.tenants:
        tenant, own = source.value.id, source.value.classification
        for index, flow in enumerate(source.value.flows):
            for key, end in absolute_ends(flow, tenant).items():
                owner = answering(end, platform)
                other = classes.get(owner)
                if owner == tenant or other is None or Classification.CLASSIFIED in (own, other):
                    continue  # Classified data has a finding of its own.
                if not platform.peers(own, other):
                    yield source.finding(CODE, "flows", index, key, own=own, other=other)
