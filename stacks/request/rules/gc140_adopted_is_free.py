"""An adopted network overlaps nothing that somebody has, had until recently, or adopts as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.ledger import read_ledger

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC140"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every adopted network that is taken; of two requests for the same one, the later."""
    wanted = [
        (source, index, f"{source.value.id}/{segment.name}", segment.adopt)
        for source in zone.tenants
        for index, segment in enumerate(source.value.segments)
        if segment.adopt is not None
    ]
    if not wanted:
        return
    taken = list(read_ledger(zone.folder).holdings())
    for source, index, name, network in wanted:
        others = (item for item in taken if item[0] != name and item[1].overlaps(network))
        for holder, other in others:
            yield source.finding(CODE, "segments", index, "adopt", holder=holder, network=other)
            break
        taken.append((name, network))
