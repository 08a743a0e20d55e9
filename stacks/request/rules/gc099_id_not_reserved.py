"""No tenant is called like the word that stands for shared services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import SHARED

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC099"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every tenant with a reserved id."""
    for source in zone.tenants:
        if source.value.id == SHARED:
            yield source.finding(CODE, "id")
