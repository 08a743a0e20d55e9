"""Allocation: addresses are cut from the side's pool once, never moved, and cool down when they come back.

The ledger (`tenants/addresses.yaml`) is part of Git, so that a review shows what is given and what is
released, and adding or re-ordering requests renumbers nobody. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from ipaddress import IPv4Address, IPv4Network
from itertools import count

from stacks.collector import uncollected
from stacks.errors import PlanError
from stacks.language import say
from stacks.plan.addressing import FIRST_HOST, automatic_pool, host_keys, prefix_length
from stacks.plan.dedicated import provider_segment, require_same_wire
from stacks.plan.release import release
from stacks.plan.space import Space, rooms
from stacks.request.ledger import Ledger, Released, TenantAddresses
from stacks.request.platform import Platform
from stacks.request.tenant import Segment, TenantRequest


@uncollected()
def allocate(platform: Platform, requests: Iterable[TenantRequest], ledger: Ledger, on: date) -> Ledger:
    """The ledger of that day: what nobody requests any more is released, what is new gets an entry.

    Entries that are still requested stay as they are. Released space is given to nobody but its last
    holder before `platform.cool_down_days` have passed.

    Args:
        platform: gives the pools.
        requests: all of them; a tenant that is missing has given everything back.
        ledger: the entries so far.
        on: today.

    Raises:
        PlanError: a pool or segment has no room, a segment has outgrown its network or changed its side or
            its VLAN, an adopted network is not free, or the ledger gives the same addresses twice.
    """
    require_distinct(ledger)
    ordered = sorted(requests, key=lambda item: item.id)
    work = _Allocation(platform, release(platform, ordered, ledger, on))
    for request in ordered:
        work.enter(request)
        work.lay_wires(request)
    for request in ordered:  # Before anything is cut: what is adopted or was held before lies where it lies.
        work.place_known(request)
    for request in ordered:
        work.cut(request)
        work.number_hosts(request)
    return work.ledger()


def require_distinct(ledger: Ledger) -> None:
    """Refuse a ledger that gives the same addresses twice.

    Raises:
        PlanError: names them.
    """
    if twice := ledger.given_twice():
        raise PlanError(say("space.twice", items=twice), say("space.twice-hint"))


def require_fit(platform: Platform, tenant: str, segment: Segment, recorded: IPv4Network) -> None:
    """Refuse a segment that its recorded network does not serve any more.

    Raises:
        PlanError: it changed its side or what it adopts, or has outgrown what it has.
    """
    name, networks = f"{tenant}/{segment.name}", platform.sides[platform.zones[segment.zone].side]
    if not any(recorded.subnet_of(space) for space in networks.space):
        raise PlanError(
            say("space.elsewhere", name=name, network=recorded, pool=networks.pool),
            say("space.elsewhere-hint"),
        )
    if segment.adopt not in (None, recorded):
        raise PlanError(
            say("space.other-adopted", name=name, network=recorded, adopt=segment.adopt),
            say("space.other-adopted-hint"),
        )
    if prefix_length(segment.size) < recorded.prefixlen:
        raise PlanError(
            say("space.outgrown", name=name, network=recorded, size=segment.size),
            say("space.outgrown-hint"),
        )


class _Allocation:
    """One allocation at work: what tenants have, what cools down, and what is still free."""

    def __init__(self, platform: Platform, ledger: Ledger) -> None:
        self.platform = platform
        self.tenants = dict(ledger.tenants)
        self.cooling: dict[str, list[Released]] = {}
        for item in ledger.cooling:
            self.cooling.setdefault(item.holder, []).append(item)
        self.networks = list(ledger.networks())
        self.numbers, self.addresses = set(ledger.numbers()), set(ledger.addresses())
        taken = [network for _, network in self.networks]
        self.space = {side: Space(networks.pool, taken) for side, networks in platform.sides.items()}

    def ledger(self) -> Ledger:
        # What one holder gave back stays in the order in which it did; `take_back` begins at the end.
        cooling = [item for items in self.cooling.values() for item in items]
        return Ledger(
            tenants=self.tenants,
            cooling=tuple(sorted(cooling, key=lambda item: (item.until, item.holder, item.kind))),
        )

    def take_back(self, holder: str, fits: Callable[[Released], bool]) -> Released | None:
        """What a holder gave back last and may have again, because nobody else could get it."""
        found = next((item for item in reversed(self.cooling.get(holder, [])) if fits(item)), None)
        if found is not None:
            self.cooling[holder].remove(found)
        return found

    def enter(self, request: TenantRequest) -> None:
        """A tenant's numbers: its own, and one more for a dedicated network."""
        if request.id not in self.tenants:
            self.tenants[request.id] = TenantAddresses(number=self.number(request.id))
        if request.dedicated_network and self.tenants[request.id].dedicated is None:
            self.set(request, dedicated=self.number(f"{request.id}/dedicated"))

    def number(self, holder: str) -> int:
        """The number that a holder had before, or the lowest that is free."""
        before = self.take_back(holder, lambda item: item.number is not None)
        number = before.number if before else None
        if number is None:
            number = next(candidate for candidate in count() if candidate not in self.numbers)
        self.numbers.add(number)
        return number

    def lay_wires(self, request: TenantRequest) -> None:
        """The VLANs of segments that have no network yet; the others stay where they are.

        Raises:
            PlanError: one would move, or the operators have given it no VLAN.
        """
        given = self.tenants[request.id]
        vlans = dict(given.vlans)
        for segment in request.segments:
            if segment.name in given.segments:
                require_same_wire(request, segment.name, given, self.platform)
            elif wire := provider_segment(request, segment.name, self.platform):
                vlans[segment.name] = wire.vlan
        self.set(request, vlans=vlans)

    def place_known(self, request: TenantRequest) -> None:
        """Networks that are not chosen here: those that are recorded, adopted, or were held before."""
        segments = self.tenants[request.id].segments
        found = dict(segments)
        for segment in request.segments:
            if segment.name in segments:
                require_fit(self.platform, request.id, segment, segments[segment.name])
            elif network := self.held(request, segment) or self.adopted(request, segment):
                found[segment.name] = network
        self.set(request, segments=found)

    def held(self, request: TenantRequest, segment: Segment) -> IPv4Network | None:
        length = prefix_length(segment.size)
        space = self.platform.sides[self.platform.zones[segment.zone].side].space

        def fits(item: Released) -> bool:
            network = item.network
            if network is None or not any(network.subnet_of(part) for part in space):
                return False
            return network == segment.adopt if segment.adopt else network.prefixlen <= length

        before = self.take_back(f"{request.id}/{segment.name}", fits)
        return before.network if before else None

    def adopted(self, request: TenantRequest, segment: Segment) -> IPv4Network | None:
        """The network that a segment brings along.

        Raises:
            PlanError: it lies elsewhere than the operators allow, is not free, or is too small.
        """
        network, name = segment.adopt, f"{request.id}/{segment.name}"
        if network is None:
            return None
        side = self.platform.zones[segment.zone].side
        if not any(network.subnet_of(space) for space in self.platform.sides[side].space):
            allowed = self.platform.sides[side].space
            raise PlanError(
                say("space.not-offered", name=name, network=network, side=side, allowed=allowed),
                say("space.not-offered-hint", side=side),
            )
        if other := next((who for who, taken in self.networks if taken.overlaps(network)), None):
            raise PlanError(
                say("space.not-free", name=name, network=network, other=other),
                say("space.not-free-hint"),
            )
        require_fit(self.platform, request.id, segment, network)
        self.networks.append((name, network))
        self.space[side].take(network)
        return network

    def cut(self, request: TenantRequest) -> None:
        """Networks for the segments that have none yet.

        Raises:
            PlanError: the pool has no room; says how much is free, and where.
        """
        segments = dict(self.tenants[request.id].segments)
        for segment in request.segments:
            if segment.name not in segments:
                side, length = self.platform.zones[segment.zone].side, prefix_length(segment.size)
                network = self.space[side].cut(length)
                if network is None:
                    raise self.exhausted(f"{request.id}/{segment.name}", self.space[side].pool, length)
                segments[segment.name] = network
        self.set(request, segments=segments)

    def exhausted(self, name: str, pool: IPv4Network, length: int) -> PlanError:
        state = say("hint.between").join(map(str, rooms(self.platform, self.ledger())))
        state = state[0].upper() + state[1:]
        return PlanError(
            say("space.exhausted", pool=pool, length=length, name=name, state=state),
            say("space.exhausted-hint"),
        )

    def number_hosts(self, request: TenantRequest) -> None:
        """Addresses for the hosts that have none yet."""
        given = self.tenants[request.id]
        hosts = dict(given.hosts)
        for key, segment in host_keys(request).items():
            if key not in hosts:
                network = given.segments[segment]
                before = self.take_back(f"{request.id}/{key}", partial(_address_in, network))
                hosts[key] = (before and before.address) or self.free_address(request.id, network)
                self.addresses.add(hosts[key])
        self.set(request, hosts=hosts)

    def free_address(self, tenant: str, cidr: IPv4Network) -> IPv4Address:
        first_automatic, _ = automatic_pool(cidr)
        for number in range(int(cidr[FIRST_HOST]), int(first_automatic)):
            if (address := IPv4Address(number)) not in self.addresses:
                return address
        cooling = sum(
            item.address in cidr for items in self.cooling.values() for item in items if item.address
        )
        raise PlanError(
            say("space.no-address", network=cidr, tenant=tenant, cooling=cooling),
            say("space.no-address-hint"),
        )

    def set(self, request: TenantRequest, **changed: object) -> None:
        self.tenants[request.id] = self.tenants[request.id].model_copy(update=changed)


def _address_in(network: IPv4Network, item: Released) -> bool:
    return item.address is not None and item.address in network
