"""Only hosts in a zone that allows it are published; a host name belongs to one tenant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic, did_you_mean

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone, Source
    from stacks.request.tenant import Publication, TenantRequest

ADMINISTRATION = 22
"""SSH is open to the bastion alone (GB/T 22239 8.1.4.4 c)."""


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield publications of unknown hosts, from the wrong zone, of SSH, or of a name that is taken."""
    owners: dict[str, str] = {}
    for source in zone.tenants:
        request, at = source.value, source.document.position
        seen: set[tuple[str, int]] = set()
        for index, item in enumerate(request.publish):
            where = f"publish.{index}"
            if problem := _host_problem(zone, source, item):
                yield Diagnostic(at("publish", index, "host"), f"{where}.host: {item.host!r} {problem}")
            if item.port == ADMINISTRATION:
                message = f"{where}.port: 22 is never published; hosts are administered through the bastion"
                yield Diagnostic(at("publish", index, "port"), message)
            owner = owners.setdefault(item.hostname, request.id)
            if owner != request.id:
                message = f"{where}.hostname: {item.hostname!r} is already published by tenant {owner}"
                yield Diagnostic(at("publish", index, "hostname"), message)
            elif (item.hostname, item.port) in seen:
                message = f"{where}.hostname: {item.hostname!r} is already published on port {item.port}"
                yield Diagnostic(at("publish", index, "hostname"), message)
            seen.add((item.hostname, item.port))


def _host_problem(zone: LandingZone, source: Source[TenantRequest], item: Publication) -> str:
    zones = {segment.name: segment.zone for segment in source.value.segments}
    groups = {host.name: zones.get(host.segment, "") for host in source.value.hosts}
    if item.host not in groups:
        return f"is unknown; {did_you_mean(item.host, groups)}"
    placed = zone.platform.value.zones.get(groups[item.host])
    if placed is None or placed.publish:
        return ""
    published = [name for name, other in zone.platform.value.zones.items() if other.publish]
    return f"is in zone {groups[item.host]!r}, never published; place it in: {', '.join(published)}"
