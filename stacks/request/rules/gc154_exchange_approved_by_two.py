"""The two approvals of an exchange come from two people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC154"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every exchange that one person approved in more than one role."""
    for source in zone.tenants:
        for index, exchange in enumerate(source.value.exchanges):
            roles: dict[str, str] = {}
            for number, item in enumerate(exchange.approvals):
                if roles.setdefault(item.by, item.role) != item.role:
                    yield source.finding(CODE, "exchanges", index, "approvals", number, "by")
