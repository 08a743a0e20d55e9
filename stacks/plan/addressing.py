"""Addresses: cut from the side's pool once, written to the ledger, never moved and never used twice.

The ledger (`tenants/addresses.yaml`) is part of Git, so that a review shows new addresses and removing or
re-ordering requests renumbers nobody. Entries are only ever added.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network
from itertools import pairwise

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
        PlanError: a pool or segment has no room, a segment has outgrown its network or changed its side,
            or the ledger gives the same addresses twice.
    """
    space = _Space(ledger)
    tenants = dict(ledger.tenants)
    number = max((tenant.number for tenant in tenants.values()), default=-1)
    for request in sorted(requests, key=lambda item: item.id):
        if request.id not in tenants:
            number += 1
            tenants[request.id] = TenantAddresses(number=number)
        tenants[request.id] = _allocate_tenant(platform, request, tenants[request.id], space)
    return Ledger(tenants=tenants)


class _Space:
    """What is taken of the address space, as sorted pairs of first and last address."""

    def __init__(self, ledger: Ledger) -> None:
        self._taken = sorted(_span(network) for network in ledger.networks())
        if twice := _given_twice(ledger, self._taken):
            raise PlanError(
                f"the ledger gives twice: {', '.join(twice)}.",
                "Two branches were merged. Remove the entry of what is not built yet from "
                "tenants/addresses.yaml, then run `govcloud allocate`.",
            )

    def cut(self, pool: IPv4Network, length: int, segment: str) -> IPv4Network:
        """Take the lowest free network of the pool.

        Raises:
            PlanError: none is left.
        """
        first, last = _span(pool)
        step = 2 ** (32 - length)
        inside = [(low, high) for low, high in self._taken if first <= high and low <= last]
        candidate = first
        for low, high in inside:
            if candidate + step <= low:
                break
            candidate = max(candidate, -(-(high + 1) // step) * step)
        if candidate + step - 1 > last:
            free = pool.num_addresses - sum(min(high, last) + 1 - max(low, first) for low, high in inside)
            raise PlanError(
                f"pool {pool} has no free /{length} for segment {segment}; {free} addresses are free.",
                "Ask for a smaller segment, or widen the pool in platform.yaml.",
            )
        insort(self._taken, (candidate, candidate + step - 1))
        return IPv4Network((candidate, length))


def _given_twice(ledger: Ledger, networks: list[tuple[int, int]]) -> list[str]:
    tenants = ledger.tenants.values()
    hosts = Counter(str(address) for tenant in tenants for address in tenant.hosts.values())
    numbers = Counter(f"tenant number {tenant.number}" for tenant in tenants)
    overlaps = [f"network {IPv4Address(low)}" for (_, high), (low, _) in pairwise(networks) if low <= high]
    return [*overlaps, *(item for item, count in (hosts + numbers).items() if count > 1)]


def _span(network: IPv4Network) -> tuple[int, int]:
    return int(network.network_address), int(network.broadcast_address)


def _allocate_tenant(
    platform: Platform, request: TenantRequest, given: TenantAddresses, space: _Space
) -> TenantAddresses:
    segments = dict(given.segments)
    for segment in request.segments:
        name, side = f"{request.id}/{segment.name}", platform.zones[segment.zone].side
        if segment.name in segments:
            _require_fit(name, segment, segments[segment.name], platform.sides[side].pool)
        else:
            length = prefix_length(segment.size)
            segments[segment.name] = space.cut(platform.sides[side].pool, length, name)
    hosts = dict(given.hosts)
    for key, segment_name in host_keys(request).items():
        if key not in hosts or hosts[key] not in segments[segment_name]:
            hosts[key] = _free_address(request.id, segments[segment_name], set(hosts.values()))
    return TenantAddresses(number=given.number, segments=segments, hosts=hosts)


def _require_fit(name: str, segment: Segment, recorded: IPv4Network, pool: IPv4Network) -> None:
    if not recorded.subnet_of(pool):
        raise PlanError(
            f"segment {name} is recorded with {recorded}, which lies outside {pool}, the pool of its zone.",
            "A segment never moves to the other side or to another pool: give the new one a new name.",
        )
    if prefix_length(segment.size) < recorded.prefixlen:
        raise PlanError(
            f"segment {name} is recorded with {recorded}, which has no room for {segment.size} hosts.",
            "Add a second segment for the others; a segment that is in use keeps its size.",
        )


def _free_address(tenant: str, cidr: IPv4Network, taken: set[IPv4Address]) -> IPv4Address:
    first_automatic, _ = automatic_pool(cidr)
    for number in range(int(cidr.network_address) + FIRST_HOST, int(first_automatic)):
        if IPv4Address(number) not in taken:
            return IPv4Address(number)
    raise PlanError(
        f"segment {cidr} of tenant {tenant} has no address left for another host.",
        "Add a segment for the new hosts; a segment that is in use keeps its size.",
    )
