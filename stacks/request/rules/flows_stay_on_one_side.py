"""A flow starts or ends at the tenant, both ends exist, and it never crosses the wall."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic, did_you_mean

if TYPE_CHECKING:
    from stacks.request.fields import Side
    from stacks.request.landing_zone import LandingZone


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every flow with an unknown end, between strangers, or across the sides."""
    sides = _sides(zone)
    for source in zone.tenants:
        tenant = source.value.id
        for index, flow in enumerate(source.value.flows):
            ends = {"from": _absolute(flow.source, tenant), "to": _absolute(flow.target, tenant)}
            if any(end.split("/")[0] in zone.unread for end in ends.values()):
                continue
            unknown = {key: end for key, end in ends.items() if end not in sides}
            for key, end in unknown.items():
                message = f"flows.{index}.{key}: segment {end!r} is unknown; {did_you_mean(end, sides)}"
                yield Diagnostic(source.document.position("flows", index, key), message)
            if problem := "" if unknown else _problem(tenant, ends["from"], ends["to"], sides):
                yield Diagnostic(source.document.position("flows", index), f"flows.{index}: {problem}")


def _problem(tenant: str, start: str, end: str, sides: dict[str, Side | None]) -> str:
    if not any(name.startswith(f"{tenant}/") for name in (start, end)):
        return f"neither end is a segment of {tenant}; a tenant declares only its own flows"
    if None not in (sides[start], sides[end]) and sides[start] != sides[end]:
        return (
            f"{start} is on the {sides[start]} side and {end} on the {sides[end]} side; no flow crosses the "
            "wall, use an exchange through the exchange platform"
        )
    return ""


def _absolute(end: str, tenant: str) -> str:
    return end if "/" in end else f"{tenant}/{end}"


def _sides(zone: LandingZone) -> dict[str, Side | None]:
    zones = zone.platform.value.zones
    return {
        f"{source.value.id}/{segment.name}": zones[segment.zone].side if segment.zone in zones else None
        for source in zone.tenants
        for segment in source.value.segments
    }
