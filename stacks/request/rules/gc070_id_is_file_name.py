"""A tenant's id equals its file's name, so that a request is found by its tenant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC070"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every request whose id differs from its file's name."""
    for source in zone.tenants:
        name = source.document.path.stem
        if source.value.id != name:
            yield source.finding(CODE, "id", name=name)
