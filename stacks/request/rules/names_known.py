"""Zones, flavors and quota classes are those of the platform; segments are the request's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic, did_you_mean
from stacks.request.loader import Key

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every reference to a name that does not exist."""
    platform = zone.platform.value
    for source in zone.tenants:
        request = source.value
        segments = [segment.name for segment in request.segments]
        references: list[tuple[Key, str, list[str]]] = [
            (("quota", "class"), request.quota.quota_class, list(platform.quota_classes)),
            *(
                (("segments", i, "zone"), s.zone, list(platform.zones))
                for i, s in enumerate(request.segments)
            ),
            *(
                (("hosts", i, "flavor"), h.flavor, list(platform.flavors))
                for i, h in enumerate(request.hosts)
            ),
            *((("hosts", i, "segment"), h.segment, segments) for i, h in enumerate(request.hosts)),
            *(
                (("flows", i, "service"), f.service, list(platform.services))
                for i, f in enumerate(request.flows)
            ),
        ]
        for key, name, valid in references:
            if name not in valid:
                message = f"{'.'.join(map(str, key))}: {name!r} is unknown; {did_you_mean(name, valid)}"
                yield Diagnostic(source.document.position(*key), message)
