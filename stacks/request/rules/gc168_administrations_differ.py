"""System, security and audit administration are three groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC168"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every administration whose group has another one already."""
    administration = zone.platform.value.administration
    held: dict[str, str] = {}
    for name, group in administration.items().items() if administration else ():
        if held.setdefault(group, name) != name:
            yield zone.platform.finding(CODE, "administration", name, other=held[group])
