"""A backup copies host groups of its request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC174"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every group that the request does not hold."""
    for source in zone.tenants:
        groups = [host.name for host in source.value.hosts]
        backup = source.value.backup
        for index, name in enumerate(backup.hosts if backup else ()):
            if name not in groups:
                yield source.finding(CODE, "backup", "hosts", index, valid=groups)
