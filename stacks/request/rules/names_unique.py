"""Names are unique: in the request's own lists, and the hosts' in the whole cloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone, Source
    from stacks.request.tenant import TenantRequest

SHARED_NETWORKS = frozenset({"management", "backbone"})
"""Names of the platform's networks, which a tenant's router joins beside the tenant's own segments."""


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every name that is taken: in the same list, by the platform, or by another tenant's hosts."""
    hosts: dict[str, str] = {}
    for source in zone.tenants:
        request, at = source.value, source.document.position
        yield from _repeated(source, "segments", [segment.name for segment in request.segments])
        yield from _repeated(source, "hosts", [host.name for host in request.hosts])
        taken = SHARED_NETWORKS | {f"{item.host}-published" for item in request.publish}
        for index, segment in enumerate(request.segments):
            if segment.name in taken:
                message = f"segments.{index}.name: {segment.name!r} is a name that the platform uses"
                yield Diagnostic(at("segments", index, "name"), message)
        for index, host in enumerate(request.hosts):
            owner = hosts.setdefault(f"{request.id}-{host.name}", request.id)
            if owner != request.id:
                message = (
                    f"hosts.{index}.name: hosts of tenant {owner} are already called "
                    f"{request.id}-{host.name}-1 and so on; host names are unique in the cloud"
                )
                yield Diagnostic(at("hosts", index, "name"), message)


def _repeated(source: Source[TenantRequest], field: str, names: list[str]) -> Iterator[Diagnostic]:
    for index, name in enumerate(names):
        if name in names[:index]:
            message = f"{field}.{index}.name: {name!r} is already used; names are unique"
            yield Diagnostic(source.document.position(field, index, "name"), message)
