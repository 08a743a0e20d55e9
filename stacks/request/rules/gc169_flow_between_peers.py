"""Flows join tenants whose classifications may be peers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.flow_ends import answering
from stacks.request.peers import strange_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC169"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every flow with a tenant that this one may not have flows with, or the other way round."""
    owner = partial(answering, platform=zone.platform.value)
    for end in strange_ends(zone, lambda request: request.flows, owner):
        yield end.source.finding(CODE, "flows", end.index, end.key, own=end.own, other=end.other)
