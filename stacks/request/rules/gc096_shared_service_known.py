"""A flow names a shared service that the operators declare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import SHARED
from stacks.request.flow_ends import shared_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC096"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every `shared/name` that does not exist."""
    shared = zone.platform.value.shared_services
    for source in zone.tenants:
        for index, flow in enumerate(source.value.flows):
            for key, name in shared_ends(flow).items():
                if name not in shared:
                    valid = [f"{SHARED}/{known}" for known in shared]
                    yield source.finding(CODE, "flows", index, key, name=name, valid=valid)
