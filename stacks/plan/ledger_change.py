"""What one allocation changed in the ledger, for a review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Address, IPv4Network

from stacks.language import say
from stacks.request.ledger import Ledger, Released


@dataclass(frozen=True)
class Entry:
    """One thing that somebody has or had.

    Attributes:
        holder: `tenant`, `tenant/segment` or `tenant/host`.
        what: the tenant's number, a segment's network or a host's address.
        until: the day until which it cools down; `None` where it does not.
    """

    holder: str
    what: int | IPv4Network | IPv4Address
    until: date | None = None

    def __str__(self) -> str:
        """One line for a person."""
        what = say("allocate.number", number=self.what) if isinstance(self.what, int) else self.what
        entry = say("allocate.entry", holder=self.holder, what=what)
        return say("allocate.cooling", entry=entry, until=self.until) if self.until else entry


@dataclass(frozen=True)
class LedgerChange:
    """The difference of two ledgers.

    Attributes:
        given: what somebody has now and had not before.
        released: what was given back, with the day until which it cools down.
        free: what has cooled down: anybody may get it from now on.
    """

    given: tuple[Entry, ...]
    released: tuple[Entry, ...]
    free: tuple[Entry, ...]

    @property
    def tenants(self) -> tuple[str, ...]:
        """The tenants that got something."""
        return _tenants(self.given)

    @property
    def losing(self) -> tuple[str, ...]:
        """The tenants that have something less."""
        return _tenants((*self.released, *self.free))


def compare(before: Ledger, after: Ledger) -> LedgerChange:
    """What became of one ledger, read from the next."""
    had, has = set(_given(before)), set(_given(after))
    cooled, cools = set(before.cooling), set(after.cooling)
    free = {_entry(item) for item in cooled - cools} - has
    at_once = had - has - {_entry(item) for item in cools}
    released = (Entry(item.holder, item.what, item.until) for item in cools - cooled)
    return LedgerChange(_sorted(has - had), _sorted(released), _sorted(free | at_once))


def _given(ledger: Ledger) -> Iterator[Entry]:
    for tenant, given in ledger.tenants.items():
        yield Entry(tenant, given.number)
        if given.dedicated is not None:
            yield Entry(f"{tenant}/dedicated", given.dedicated)
        yield from (Entry(f"{tenant}/{name}", network) for name, network in given.segments.items())
        yield from (Entry(f"{tenant}/{key}", address) for key, address in given.hosts.items())


def _tenants(entries: Iterable[Entry]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.holder.partition("/")[0] for entry in entries))


def _entry(item: Released) -> Entry:
    return Entry(item.holder, item.what)


def _sorted(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.holder, str(entry.what))))
