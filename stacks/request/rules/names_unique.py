"""Names of segments and of host groups are unique within a tenant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every name that was used before in the same list."""
    for source in zone.tenants:
        for field, names in (
            ("segments", [segment.name for segment in source.value.segments]),
            ("hosts", [host.name for host in source.value.hosts]),
        ):
            for index, name in enumerate(names):
                if name in names[:index]:
                    message = f"{field}.{index}.name: {name!r} is already used; names are unique"
                    yield Diagnostic(source.document.position(field, index, "name"), message)
