"""What a classification decides: where hosts run, which volumes they have, what is logged, and peers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from stacks.request.fields import Classification
from stacks.request.model.handling import HELD, LogLevel
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest


@dataclass(frozen=True)
class Placement:
    """How the data of one tenant is kept.

    Attributes:
        availability_zone: of the hosts; `None` where the platform sets none apart.
        volume_type: of the volumes; `None` where the class names none.
        closed_volume_types: those of other classes, of which there is no quota.
        log_level: what the hosts log.
        peers: classifications of the tenants that it may have flows with.
    """

    availability_zone: str | None = None
    volume_type: str | None = None
    closed_volume_types: Annotated[tuple[str, ...], Field(exclude_if=lambda value: not value)] = ()
    log_level: LogLevel = "standard"
    peers: tuple[Classification, ...] = HELD

    def volume_type_limits(self, types: Iterable[str]) -> dict[str, int]:
        """The limits of each volume type of the cloud, as Cinder names them; -1 is none but the quota.

        A class that names a type has no other. A quota that leaves a type out would be read back with it.
        """
        limits = dict[str, int]()
        for name in types:
            shut = name in self.closed_volume_types or self.volume_type not in (None, name)
            count = 0 if shut else -1
            limits |= {f"volumes_{name}": count, f"gigabytes_{name}": count, f"snapshots_{name}": -1}
        return limits


ORDINARY = Placement()
"""Nothing set apart."""


def placement(request: TenantRequest, platform: Platform) -> Placement:
    """The placement that the platform file gives to the request's classification."""
    handling = platform.handling(request.classification)
    types = {other.volume_type for other in platform.classifications.values()} - {None, handling.volume_type}
    return Placement(
        availability_zone=handling.availability_zone,
        volume_type=handling.volume_type,
        closed_volume_types=tuple(sorted(str(name) for name in types)),
        log_level=handling.log_level,
        peers=handling.peers,
    )
