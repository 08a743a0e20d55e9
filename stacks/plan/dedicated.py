"""Dedicated networks (虚拟专网): segments on VLANs of the department's own."""

from __future__ import annotations

from dataclasses import dataclass

from stacks.errors import PlanError
from stacks.language import say
from stacks.request.ledger import TenantAddresses
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest


@dataclass(frozen=True)
class ProviderSegment:
    """A VLAN of the operators' switches.

    Attributes:
        physical_network: Neutron's name of it.
        vlan: IEEE 802.1Q number.
    """

    physical_network: str
    vlan: int


def provider_segment(request: TenantRequest, segment: str, platform: Platform) -> ProviderSegment | None:
    """The VLAN of a segment; `None` for an ordinary one.

    Raises:
        PlanError: the operators have given it no VLAN.
    """
    if not request.is_dedicated(segment):
        return None
    offered, name = platform.dedicated_networks, f"{request.id}/{segment}"
    if offered is None or name not in offered.vlans:
        raise PlanError(say("space.no-vlan", name=name), say("space.no-vlan-hint"))
    return ProviderSegment(offered.physical_network, offered.vlans[name])


def require_same_wire(
    request: TenantRequest, segment: str, given: TenantAddresses, platform: Platform
) -> None:
    """Refuse to move a recorded segment to another VLAN, or from or to none: its hosts would be built anew.

    Raises:
        PlanError: it is recorded elsewhere, or the operators have given it no VLAN.
    """
    wanted, recorded = provider_segment(request, segment, platform), given.vlans.get(segment)
    if (wanted.vlan if wanted else None) != recorded:
        before, after = (
            say("space.vlan", vlan=vlan) if vlan else say("space.vlan-none")
            for vlan in (recorded, wanted and wanted.vlan)
        )
        name = f"{request.id}/{segment}"
        moved = say("space.vlan-moves", name=name, before=before, after=after)
        raise PlanError(moved, say("space.vlan-moves-hint"))


def router_number(request: TenantRequest, segment: str, given: TenantAddresses) -> int:
    """The ordinal of the router that a segment hangs on; its addresses on shared networks follow from it.

    Raises:
        PlanError: none is recorded yet.
    """
    if not request.is_dedicated(segment):
        return given.number
    if given.dedicated is None:
        raise PlanError(say("space.no-number", tenant=request.id), say("space.unrecorded-hint"))
    return given.dedicated
