"""Every exchange is inspected for malware."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.model.exchange import ALWAYS

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC158"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every exchange whose files are not examined for malware."""
    for source in zone.tenants:
        for index, exchange in enumerate(source.value.exchanges):
            if ALWAYS not in exchange.inspection:
                yield source.finding(CODE, "exchanges", index, "inspection")
