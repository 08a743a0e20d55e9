"""Addresses: cut from the side's pool once, written to the ledger, never moved and never used twice.

The ledger (`tenants/addresses.yaml`) is part of Git, so that a review shows new addresses and removing or
re-ordering requests renumbers nobody. Entries are only ever added.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network

from pydantic import Field

from stacks.errors import PlanError
from stacks.request.fields import Address, Count, Model, Network, Side
from stacks.request.platform import Platform
from stacks.request.tenant import Segment, TenantRequest

FIRST_HOST = 4
"""Offset of a segment's first planned host; .1 is the router, .2 and .3 stay free for a pair of them."""

FIRST_TENANT = 16
"""Offset of the first tenant's router on transit networks; what lies below is the platform's."""


class TenantAddresses(Model):
    """Everything that one tenant was given.

    Attributes:
        number: ordinal of the tenant; its routers' addresses on shared networks follow from it.
    """

    number: Count
    segments: dict[str, Network] = Field(default_factory=dict)
    hosts: dict[str, Address] = Field(default_factory=dict)


class Ledger(Model):
    """All addresses ever given."""

    tenants: dict[str, TenantAddresses] = Field(default_factory=dict)

    def networks(self) -> Iterator[IPv4Network]:
        """Every segment's network."""
        for tenant in self.tenants.values():
            yield from tenant.segments.values()


def prefix_length(size: int) -> int:
    """Prefix of the smallest subnet with room for `size` hosts.

    Four addresses at the start, the broadcast address and the upper quarter, which Neutron hands out by
    itself (metadata port, ports that the department makes), are not counted as room.
    """
    for length in range(29, 15, -1):
        total = 2 ** (32 - length)
        if FIRST_HOST + size <= total - total // 4:
            return length
    raise PlanError(f"a segment for {size} hosts is larger than /16.", "Split it into several segments.")


def automatic_pool(cidr: IPv4Network) -> tuple[IPv4Address, IPv4Address]:
    """The upper quarter of a segment, which Neutron may hand out by itself."""
    return cidr[cidr.num_addresses - cidr.num_addresses // 4], cidr[-2]


def transit_address(network: IPv4Network, number: int, side: Side) -> IPv4Address:
    """A tenant router's address on the management network or a backbone."""
    offset = FIRST_TENANT + 2 * number + (side is Side.INTERNAL)
    if offset >= network.num_addresses * 3 // 4:
        raise PlanError(
            f"{network} has no address left for tenant number {number}.",
            "Widen the network in platform.yaml.",
        )
    return network[offset]


def host_keys(request: TenantRequest) -> dict[str, str]:
    """Every planned host of a request with its segment, in the order of the request."""
    return {
        f"{host.name}-{index}": host.segment for host in request.hosts for index in range(1, host.count + 1)
    }


def allocate(platform: Platform, requests: Iterable[TenantRequest], ledger: Ledger) -> Ledger:
    """The ledger with an entry for everything that is requested; existing entries stay as they are.

    Raises:
        PlanError: a pool or segment has no room, or a segment has outgrown its network.
    """
    tenants = dict(ledger.tenants)
    for request in sorted(requests, key=lambda item: item.id):
        given = tenants.get(request.id) or TenantAddresses(number=_next_number(tenants))
        taken = [network for other in tenants.values() for network in other.segments.values()]
        tenants[request.id] = _allocate_tenant(platform, request, given, taken)
    return Ledger(tenants=tenants)


def _next_number(tenants: Mapping[str, TenantAddresses]) -> int:
    return max((tenant.number for tenant in tenants.values()), default=-1) + 1


def _allocate_tenant(
    platform: Platform, request: TenantRequest, given: TenantAddresses, taken: list[IPv4Network]
) -> TenantAddresses:
    segments = dict(given.segments)
    taken = [*taken, *segments.values()]
    for segment in request.segments:
        if segment.name not in segments:
            segments[segment.name] = _free_network(platform, segment, taken)
            taken.append(segments[segment.name])
    hosts = dict(given.hosts)
    for key, segment_name in host_keys(request).items():
        if key not in hosts or hosts[key] not in segments[segment_name]:
            hosts[key] = _free_address(request.id, segments[segment_name], set(hosts.values()))
    return TenantAddresses(number=given.number, segments=segments, hosts=hosts)


def _free_network(platform: Platform, segment: Segment, taken: list[IPv4Network]) -> IPv4Network:
    pool = platform.sides[platform.zones[segment.zone].side].pool
    length = prefix_length(segment.size)
    occupied = sorted(network for network in taken if network.overlaps(pool))
    candidate = int(pool.network_address)
    step = 2 ** (32 - length)
    for network in occupied:
        if candidate + step <= int(network.network_address):
            break
        end = int(network.broadcast_address) + 1
        candidate = max(candidate, -(-end // step) * step)
    if candidate + step - 1 > int(pool.broadcast_address):
        free = pool.num_addresses - sum(network.num_addresses for network in occupied)
        raise PlanError(
            f"pool {pool} has no free /{length} for segment {segment.name!r}; {free} addresses are free.",
            "Ask for a smaller segment, or widen the pool in platform.yaml.",
        )
    return ipaddress.IPv4Network((candidate, length))


def _free_address(tenant: str, cidr: IPv4Network, taken: set[IPv4Address]) -> IPv4Address:
    first_automatic, _ = automatic_pool(cidr)
    for number in range(int(cidr.network_address) + FIRST_HOST, int(first_automatic)):
        if IPv4Address(number) not in taken:
            return IPv4Address(number)
    raise PlanError(
        f"segment {cidr} of tenant {tenant} has no address left for another host.",
        "Add a segment for the new hosts; a segment that is in use keeps its size.",
    )
