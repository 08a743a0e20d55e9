"""An exchange joins tenants whose classifications may be peers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.peers import strange_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC180"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every exchange with a tenant that this one may have nothing to do with."""
    for end in strange_ends(zone, lambda request: request.exchanges, lambda end: end.partition("/")[0]):
        yield end.source.finding(CODE, "exchanges", end.index, end.key, own=end.own, other=end.other)
