"""A host name is published once on a port."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC091"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every host name and port that stand there already."""
    for source in zone.tenants:
        names = [(item.hostname, item.port) for item in source.value.publish]
        for index, (name, port) in enumerate(names):
            if (name, port) in names[:index]:
                yield source.finding(CODE, "publish", index, "hostname", port=port)
