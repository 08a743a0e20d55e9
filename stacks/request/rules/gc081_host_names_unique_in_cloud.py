"""No two hosts of the cloud have the same name, whatever tenants they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC081"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every host group whose hosts would be called like another tenant's."""
    owners: dict[str, str] = {}
    for source in zone.tenants:
        tenant = source.value.id
        for index, host in enumerate(source.value.hosts):
            name = f"{tenant}-{host.name}"
            owner = owners.setdefault(name, tenant)
            if owner != tenant:
                yield source.finding(CODE, "hosts", index, "name", owner=owner, name=f"{name}-1")
