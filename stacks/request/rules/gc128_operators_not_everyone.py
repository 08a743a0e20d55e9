"""The bastion is reached from the operators' networks, not from everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC128"

WIDEST = 8
"""Shortest prefix: no institution has a larger network than a former class A."""


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every network of operators that is no institution's."""
    for index, network in enumerate(zone.platform.value.management.operators):
        if network.prefixlen < WIDEST:
            yield zone.platform.finding(CODE, "management", "operators", index, widest=WIDEST)
