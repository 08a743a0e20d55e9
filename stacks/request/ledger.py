"""The ledger of addresses and its file: read with positions, written atomically in a form for reviews.

An entry is in one of three states: allocated (under `tenants`), released and cooling down (under
`cooling`, with the day from which anybody may have it), or free again: then it is written nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from ipaddress import IPv4Address, IPv4Network
from itertools import pairwise
from pathlib import Path

import yaml
from pydantic import Field

from stacks.errors import RequestError
from stacks.language import say
from stacks.request.fields import Address, Count, Model, Network
from stacks.request.loader import parse, read_document
from stacks.request.model.handling import Vlan

FILE_NAME = "addresses.yaml"

MAX_BYTES = 64_000_000
"""Room for the addresses of tens of thousands of tenants."""

HEADER = """\
# Addresses of every tenant: written by `govcloud allocate` and `govcloud up`, reviewed and kept in Git.
# What is given back cools down until a date. Never edit by hand: the tenant's networks would be built anew.
"""


class TenantAddresses(Model):
    """Everything that one tenant was given.

    Attributes:
        number: ordinal of the tenant; its routers' addresses on shared networks follow from it.
        dedicated: the same for the routers of its dedicated network, where it has one.
        vlans: where its dedicated segments lie.
    """

    number: Count
    dedicated: Count | None = None
    vlans: dict[str, Vlan] = Field(default_factory=dict, exclude_if=lambda value: not value)
    segments: dict[str, Network] = Field(default_factory=dict)
    hosts: dict[str, Address] = Field(default_factory=dict)


class Released(Model):
    """Something that was given back: a tenant's number, a segment's network or a host's address.

    Attributes:
        holder: who had it: `tenant`, `tenant/dedicated` (its second number), `tenant/segment` or
            `tenant/host`. It may have it back at any time.
        released: the day on which it was given back.
        until: from this day on anybody may have it.
    """

    holder: str
    number: Count | None = None
    network: Network | None = None
    address: Address | None = None
    released: date
    until: date

    @property
    def kind(self) -> str:
        """Which of the three it is."""
        return "network" if self.network else "address" if self.address else "number"

    @property
    def what(self) -> int | IPv4Network | IPv4Address:
        """The thing itself; a whole number is a tenant's."""
        found = self.network or self.address
        return (self.number or 0) if found is None else found


class Ledger(Model):
    """All addresses that somebody has, and those that cool down."""

    tenants: dict[str, TenantAddresses] = Field(default_factory=dict)
    cooling: tuple[Released, ...] = ()

    def networks(self) -> Iterator[tuple[str, IPv4Network]]:
        """Every network that is not free, with who has it or had it last as `tenant/segment`."""
        for tenant, given in self.tenants.items():
            for segment, network in given.segments.items():
                yield f"{tenant}/{segment}", network
        for item in self.cooling:
            if item.network is not None:
                yield say("space.cooling-holder", holder=item.holder, until=item.until), item.network

    def holdings(self) -> Iterator[tuple[str, IPv4Network]]:
        """Every network that is not free, with its holder alone: `tenant/segment`."""
        for tenant, given in self.tenants.items():
            yield from ((f"{tenant}/{segment}", network) for segment, network in given.segments.items())
        yield from ((item.holder, item.network) for item in self.cooling if item.network is not None)

    def numbers(self) -> Iterator[int]:
        """Every tenant number that is not free."""
        for given in self.tenants.values():
            yield from (number for number in (given.number, given.dedicated) if number is not None)
        yield from (item.number for item in self.cooling if item.number is not None)

    def addresses(self) -> Iterator[IPv4Address]:
        """Every host address that is not free."""
        for given in self.tenants.values():
            yield from given.hosts.values()
        yield from (item.address for item in self.cooling if item.address is not None)

    def given_twice(self) -> list[str]:
        """Numbers, networks and addresses that two entries hold, in words; one of the two is wrong."""
        spans = sorted((int(network[0]), int(network[-1])) for _, network in self.networks())
        overlaps = (IPv4Address(low) for (_, high), (low, _) in pairwise(spans) if low <= high)
        addresses = (item for item, count in Counter(self.addresses()).items() if count > 1)
        numbers = (item for item, count in Counter(self.numbers()).items() if count > 1)
        return [
            *(say("space.network", address=address) for address in overlaps),
            *map(str, addresses),
            *(say("allocate.number", number=number) for number in numbers),
        ]


def read_ledger(tenants: Path) -> Ledger:
    """The recorded addresses; empty when nothing was recorded yet.

    Raises:
        RequestError: the file is damaged.
    """
    path = tenants / FILE_NAME
    if not path.exists():
        return Ledger()
    document, findings = read_document(path, MAX_BYTES)
    ledger, errors = parse(document, Ledger)
    if ledger is None or findings:
        raise RequestError("\n".join(map(str, [*findings, *errors])), say("space.ledger-hint", path=path))
    return ledger


def write_ledger(tenants: Path, ledger: Ledger) -> None:
    """Replace the file in one step, so that an interruption leaves the old one or the new one."""
    path = tenants / FILE_NAME
    idle = None if ledger.cooling else {"cooling"}
    data = ledger.model_dump(mode="json", exclude_none=True, exclude=idle)
    body = yaml.dump(data, Dumper=yaml.CSafeDumper, sort_keys=True, allow_unicode=True)
    part = path.with_suffix(".part")
    part.write_text(HEADER + body, encoding="utf-8")
    part.replace(path)
