"""Classified data (涉密) has no place in this cloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import Classification

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC071"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every request for classified data."""
    for source in zone.tenants:
        if source.value.classification is Classification.CLASSIFIED:
            yield source.finding(CODE, "classification")
