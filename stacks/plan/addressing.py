"""Addresses: where they lie in a network, and how long the network of a segment is."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from stacks.errors import PlanError
from stacks.language import say
from stacks.request.fields import Side
from stacks.request.tenant import TenantRequest

FIRST_HOST = 4
"""Offset of a segment's first planned host; .1 is the router, .2 and .3 stay free for a pair of them."""

FIRST_TENANT = 16
"""Offset of the first tenant's router on transit networks; what lies below is the platform's."""


def prefix_length(size: int) -> int:
    """Prefix of the smallest subnet with room for `size` hosts.

    Four addresses at the start, the broadcast address and the upper quarter, which Neutron hands out by
    itself (metadata port, ports that the department makes), are not counted as room.
    """
    for length in range(29, 15, -1):
        total = 2 ** (32 - length)
        if FIRST_HOST + size <= total - total // 4:
            return length
    raise PlanError(say("space.too-large", size=size), say("space.split"))


def automatic_pool(cidr: IPv4Network) -> tuple[IPv4Address, IPv4Address]:
    """The upper quarter of a segment, which Neutron may hand out by itself."""
    return cidr[cidr.num_addresses - cidr.num_addresses // 4], cidr[-2]


def transit_address(network: IPv4Network, number: int, side: Side) -> IPv4Address:
    """A tenant router's address on the management network or a backbone."""
    offset = FIRST_TENANT + 2 * number + (side is Side.INTERNAL)
    if offset >= network.num_addresses * 3 // 4:
        raise PlanError(say("space.transit-full", network=network, number=number), say("space.transit-hint"))
    return network[offset]


def host_keys(request: TenantRequest) -> dict[str, str]:
    """Every host of a request in its largest season, with its segment, in the order of the request."""
    return {
        f"{host.name}-{index}": host.segment
        for host in request.hosts
        for index in range(1, request.peak(host) + 1)
    }
