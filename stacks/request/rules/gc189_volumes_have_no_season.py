"""Hosts that come and go with a season have no volumes: what is on them would have to go as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC189"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield the volumes of every host group that a season enlarges."""
    for source in zone.tenants:
        for number, host in enumerate(source.value.hosts):
            if host.volumes and source.value.peak(host) > host.count:
                yield source.finding(CODE, "hosts", number, "volumes", about_key=True, group=host.name)
