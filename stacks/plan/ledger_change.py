"""What one allocation changed in the ledger, in words for a review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stacks.plan.ledger import Ledger


@dataclass(frozen=True)
class LedgerChange:
    """The difference of two ledgers; each line names a holder and what it is about.

    Attributes:
        given: what somebody has now and had not before.
        released: what was given back, with the day until which it cools down.
        free: what has cooled down: anybody may get it from now on.
    """

    given: tuple[str, ...]
    released: tuple[str, ...]
    free: tuple[str, ...]

    @property
    def tenants(self) -> tuple[str, ...]:
        """The tenants that got something."""
        return tuple(dict.fromkeys(line.partition(" ")[0].partition("/")[0] for line in self.given))


def compare(before: Ledger, after: Ledger) -> LedgerChange:
    """What became of one ledger, read from the next."""
    had, has = set(_given(before)), set(_given(after))
    cooled, cools = set(before.cooling), set(after.cooling)
    returned = {f"{item.holder} {item.what}" for item in cooled} & has
    free = {f"{item.holder} {item.what}" for item in cooled - cools} - returned
    released = {f"{item.holder} {item.what}, cools down until {item.until}" for item in cools - cooled}
    at_once = had - has - {f"{item.holder} {item.what}" for item in cools}
    return LedgerChange(
        given=tuple(sorted(has - had)), released=tuple(sorted(released)), free=tuple(sorted(free | at_once))
    )


def _given(ledger: Ledger) -> Iterator[str]:
    for tenant, given in ledger.tenants.items():
        yield f"{tenant} tenant number {given.number}"
        if given.dedicated is not None:
            yield f"{tenant}/dedicated tenant number {given.dedicated}"
        yield from (f"{tenant}/{name} {network}" for name, network in given.segments.items())
        yield from (f"{tenant}/{key} {address}" for key, address in given.hosts.items())
