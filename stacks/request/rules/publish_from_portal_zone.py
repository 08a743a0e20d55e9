"""Only hosts in a zone that allows it are published; host names are unique in the cloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic, did_you_mean

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield publications of unknown hosts, from the wrong zone, or of a name that is taken."""
    taken: dict[tuple[str, int], str] = {}
    for source in zone.tenants:
        request = source.value
        zones = {segment.name: segment.zone for segment in request.segments}
        groups = {host.name: zones.get(host.segment, "") for host in request.hosts}
        for index, item in enumerate(request.publish):
            where = f"publish.{index}"
            at = source.document.position("publish", index, "host")
            if item.host not in groups:
                message = f"{where}.host: {item.host!r} is unknown; {did_you_mean(item.host, groups)}"
                yield Diagnostic(at, message)
            elif (placed := zone.platform.value.zones.get(groups[item.host])) and not placed.publish:
                open_zones = [name for name, other in zone.platform.value.zones.items() if other.publish]
                message = (
                    f"{where}.host: {item.host!r} is in zone {groups[item.host]!r}, never published; "
                    f"place it in: {', '.join(open_zones)}"
                )
                yield Diagnostic(at, message)
            owner = taken.setdefault((item.hostname, item.port), request.id)
            if owner != request.id:
                message = f"{where}.hostname: {item.hostname!r} is already published by tenant {owner}"
                yield Diagnostic(source.document.position("publish", index, "hostname"), message)
