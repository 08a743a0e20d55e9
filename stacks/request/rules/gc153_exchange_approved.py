"""An exchange has the approval of the owner and of the security office."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.model.exchange import APPROVERS

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC153"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every exchange that lacks an approval."""
    for source in zone.tenants:
        for index, exchange in enumerate(source.value.exchanges):
            given = {item.role for item in exchange.approvals}
            if missing := [role for role in APPROVERS if role not in given]:
                yield source.finding(CODE, "exchanges", index, about_key=True, missing=missing)
