"""Dedicated networks (虚拟专网): segments on VLANs of the department's own."""

from __future__ import annotations

from dataclasses import dataclass

from stacks.errors import PlanError
from stacks.language import say
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
    if request.dedicated_network is None or segment not in request.dedicated_network.segments:
        return None
    offered, name = platform.dedicated_networks, f"{request.id}/{segment}"
    if offered is None or name not in offered.vlans:
        raise PlanError(say("space.no-vlan", name=name), say("space.no-vlan-hint"))
    return ProviderSegment(offered.physical_network, offered.vlans[name])


def require_buildable(request: TenantRequest) -> None:
    """Refuse to build a tenant with a dedicated network: this release plans it only.

    Raises:
        PlanError: it has one; an ordinary network would not be what was promised.
    """
    if request.dedicated_network is not None:
        raise PlanError(
            f"tenant {request.id} asks for a dedicated network; this release plans it and cannot build it.",
            f"Take dedicated_network out of tenants/{request.id}.yaml, or wait until it is built.",
        )
