"""A segment has at least as many addresses as hosts, in the largest season too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC105"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every segment that is smaller than the number of its hosts."""
    for source in zone.tenants:
        hosts = Counter[str]()
        for host in source.value.hosts:
            hosts[host.segment] += source.value.peak(host)
        for index, segment in enumerate(source.value.segments):
            if hosts[segment.name] > segment.size:
                placed = hosts[segment.name]
                yield source.finding(CODE, "segments", index, "size", size=segment.size, hosts=placed)
