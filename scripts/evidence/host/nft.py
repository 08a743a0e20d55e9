"""The expressions of an nftables rule, as `nft -j` writes them, narrowed to what this project can judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, summarize_address_range
from itertools import product
from typing import Any

ANYWHERE = IPv4Network("0.0.0.0/0")
PORT_PROTOCOLS = frozenset({"tcp", "udp", "th"})

Json = Any
"""What nft writes; its shape changes with every kind of expression."""

Expression = Mapping[str, Json]

Span = tuple[int, int]
"""First and last port."""


class NotUnderstoodError(Exception):
    """An expression that this module cannot judge; the rule then counts as foreign."""


@dataclass(frozen=True)
class Match:
    """What a rule's expressions narrow a packet down to; `None` means not narrowed.

    Attributes:
        ports: first and last port of each range; one port is a range of one.
        pairs: address and ports together, from a concatenation.
    """

    protocols: frozenset[str] | None = None
    ports: frozenset[Span] | None = None
    remotes: frozenset[IPv4Network] | None = None
    pairs: frozenset[tuple[IPv4Network, Span]] | None = None
    states: frozenset[str] | None = None
    loopback: bool = False

    def combinations(self) -> Iterable[tuple[str, IPv4Network, Span]]:
        """Every protocol, remote network and range of ports that the match lets through.

        Raises:
            NotUnderstoodError: it is wider than any rule of a plan can be.
        """
        if not self.protocols or not self.protocols <= {"tcp", "udp"}:
            raise NotUnderstoodError
        if self.pairs is not None:
            return ((protocol, *pair) for protocol, pair in product(self.protocols, self.pairs))
        if not self.ports:
            raise NotUnderstoodError
        return product(self.protocols, self.remotes or frozenset({ANYWHERE}), self.ports)


def narrow(match: Match, test: Expression, values: list[Json], hook: str) -> Match:
    """The match after one more test, whose right side is `values`.

    Raises:
        NotUnderstoodError: the test is of no kind that is known here.
    """
    if test["op"] not in ("==", "in"):
        raise NotUnderstoodError
    left = test["left"]
    if "concat" in left:
        return _narrow_pair(match, left["concat"], values, hook)
    if "ct" in left and left["ct"]["key"] == "state":
        return replace(match, states=frozenset(values))
    if "meta" in left:
        return _narrow_meta(match, left["meta"]["key"], values)
    return _narrow_payload(match, (left["payload"]["protocol"], left["payload"]["field"]), values, hook)


def _narrow_payload(match: Match, field: tuple[str, str], values: list[Json], hook: str) -> Match:
    protocol, name = field
    if field == ("ip", _remote_field(hook)):
        return replace(match, remotes=frozenset(net for value in values for net in _networks(value)))
    if protocol in PORT_PROTOCOLS and name == "dport":
        ports = frozenset(_span(value) for value in values)
        return replace(match, protocols=_protocols(match, protocol), ports=ports)
    if field == ("ip", "protocol"):
        return replace(match, protocols=frozenset(values))
    raise NotUnderstoodError


def _narrow_meta(match: Match, key: str, values: list[Json]) -> Match:
    if key in ("iif", "iifname", "oif", "oifname") and values == ["lo"]:
        return replace(match, loopback=True)
    if key == "l4proto":
        return replace(match, protocols=frozenset(values))
    if key == "nfproto" and values == ["ipv4"]:
        return match
    raise NotUnderstoodError


def _narrow_pair(match: Match, parts: list[Expression], values: list[Json], hook: str) -> Match:
    """`ip saddr . tcp dport`, in either order."""
    first, second = ((part["payload"]["protocol"], part["payload"]["field"]) for part in parts)
    address = (first, second).index(("ip", _remote_field(hook)))
    protocol, field = (first, second)[1 - address]
    if field != "dport" or protocol not in PORT_PROTOCOLS:
        raise NotUnderstoodError
    pairs = frozenset(
        (network, _span(value["concat"][1 - address]))
        for value in values
        for network in _networks(value["concat"][address])
    )
    return replace(match, protocols=_protocols(match, protocol), pairs=pairs)


def _protocols(match: Match, protocol: str) -> frozenset[str] | None:
    """`th` is the transport header of whatever protocol was tested before."""
    return match.protocols if protocol == "th" else frozenset({protocol})


def _remote_field(hook: str) -> str:
    return "saddr" if hook == "input" else "daddr"


def _networks(value: Json) -> Iterator[IPv4Network]:
    if isinstance(value, dict) and "prefix" in value:
        yield IPv4Network((value["prefix"]["addr"], value["prefix"]["len"]))
    elif isinstance(value, dict):
        first, last = value["range"]
        yield from summarize_address_range(IPv4Address(first), IPv4Address(last))
    else:
        yield IPv4Network(value)


def _span(value: Json) -> Span:
    """A port or a range of ports."""
    first, last = value["range"] if isinstance(value, dict) and "range" in value else (value, value)
    if not isinstance(first, int) or not isinstance(last, int):
        raise NotUnderstoodError
    return first, last
