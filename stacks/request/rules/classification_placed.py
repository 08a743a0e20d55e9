"""The classification decides the zones; `classified` (涉密) has no place in this cloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.fields import Classification

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone


REFUSAL = (
    "classified (涉密) data belongs on the physically separate network and is refused here "
    "(Law on Guarding State Secrets, Art. 23 and 24; BMB 17); choose public, internal or sensitive, "
    "or ask the secrecy office for the classified network"
)


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every classified request, and every segment in a zone that does not accept its data."""
    for source in zone.tenants:
        data = source.value.classification
        if data is Classification.CLASSIFIED:
            yield Diagnostic(source.document.position("classification"), f"classification: {REFUSAL}")
            continue
        for index, segment in enumerate(source.value.segments):
            accepted = zone.platform.value.zones.get(segment.zone)
            if accepted and data.value not in accepted.accepts:
                message = (
                    f"segments.{index}.zone: zone {segment.zone!r} does not accept {data.value} data; "
                    f"it accepts {', '.join(accepted.accepts)}"
                )
                yield Diagnostic(source.document.position("segments", index, "zone"), message)
