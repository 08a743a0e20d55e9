"""A class whose volumes must be encrypted names the type that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC184"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every classification that wants encryption, and leaves the type to the cloud."""
    for data, handling in zone.platform.value.classifications.items():
        if handling.encrypted_volumes and handling.volume_type is None:
            yield zone.platform.finding(
                CODE, "classifications", str(data), "encrypted_volumes", data=str(data)
            )
