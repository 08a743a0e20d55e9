"""What a classification decides: where hosts run, which volumes they have, what is logged, and peers."""

from __future__ import annotations

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
