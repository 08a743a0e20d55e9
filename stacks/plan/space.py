"""Free address space: the gaps of a pool, cut from the lowest address on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Address, IPv4Network, summarize_address_range
from operator import itemgetter

from stacks.language import say
from stacks.request.fields import Side
from stacks.request.ledger import Ledger
from stacks.request.platform import Platform


class Space:
    """The free part of one pool."""

    def __init__(self, pool: IPv4Network, taken: Iterable[IPv4Network]) -> None:
        """All of the pool but what is taken; what lies outside of the pool does not matter."""
        self.pool = pool
        self._gaps = [(int(pool[0]), int(pool[-1]))]
        for network in taken:
            if network.overlaps(pool):
                self.take(network)

    def take(self, network: IPv4Network) -> None:
        """Make a network unavailable, free or not."""
        low, high = int(network[0]), int(network[-1])
        after = index = bisect_right(self._gaps, high, key=itemgetter(0))
        while index and self._gaps[index - 1][1] >= low:
            index -= 1
        rest = [
            part for first, last in self._gaps[index:after] for part in ((first, low - 1), (high + 1, last))
        ]
        self._gaps[index:after] = [(first, last) for first, last in rest if first <= last]

    def cut(self, length: int) -> IPv4Network | None:
        """Take the lowest free network with that prefix; `None` where none is left."""
        step = 2 ** (32 - length)
        for first, last in self._gaps:
            start = -(-first // step) * step
            if start + step - 1 <= last:
                network = IPv4Network((start, length))
                self.take(network)
                return network
        return None

    @property
    def free(self) -> int:
        """How many addresses are free."""
        return sum(last - first + 1 for first, last in self._gaps)

    def largest(self) -> IPv4Network | None:
        """The largest free network, the lowest of them; `None` in a full pool."""
        return min(self._networks(), key=lambda network: (network.prefixlen, network), default=None)

    def _networks(self) -> Iterator[IPv4Network]:
        for first, last in self._gaps:
            yield from summarize_address_range(IPv4Address(first), IPv4Address(last))


@dataclass(frozen=True)
class Room:
    """How full one side's pool is; everything but `largest` in addresses.

    Attributes:
        cooling: released, and not free before `next_free`.
        largest: the largest network that can be cut now.
        next_free: the first day on which something of it is free again.
    """

    side: Side
    pool: IPv4Network
    free: int
    cooling: int
    largest: IPv4Network | None
    next_free: date | None

    def __str__(self) -> str:
        """One line for a person."""
        total = self.pool.num_addresses
        text = say("space.room", side=self.side, pool=self.pool, free=self.free, total=total)
        if self.largest:
            text = say("space.largest", room=text, block=self.largest)
        if self.cooling:
            text = say("space.cooling", room=text, count=self.cooling, until=self.next_free)
        return text


def rooms(platform: Platform, ledger: Ledger) -> tuple[Room, ...]:
    """How full the pool of each side is."""
    return tuple(_room(side, networks.pool, ledger) for side, networks in sorted(platform.sides.items()))


def _room(side: Side, pool: IPv4Network, ledger: Ledger) -> Room:
    space = Space(pool, (network for _, network in ledger.networks()))
    cooling = [item for item in ledger.cooling if item.network and item.network.subnet_of(pool)]
    return Room(
        side=side,
        pool=pool,
        free=space.free,
        cooling=sum(item.network.num_addresses for item in cooling if item.network),
        largest=space.largest(),
        next_free=min((item.until for item in cooling), default=None),
    )
