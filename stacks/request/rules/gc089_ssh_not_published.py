"""Hosts are administered through the bastion alone: SSH is never published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC089"

SSH = 22
"""Open to the bastion alone (GB/T 22239 8.1.4.4 c)."""


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every publication of SSH."""
    for source in zone.tenants:
        for index, item in enumerate(source.value.publish):
            if item.port == SSH:
                yield source.finding(CODE, "publish", index, "port")
