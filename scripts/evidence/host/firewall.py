"""The nftables ruleset of a host, read back from the kernel and reduced to what it lets through.

Only shapes that are understood count as openings; anything else that accepts is reported as foreign, so
that a rule which cannot be judged makes a check fail and never pass.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from scripts.evidence.host.nft import Json, Match, NotUnderstoodError, narrow
from stacks.plan.model import Direction, Rule

RETURNING = frozenset({"established", "related"})
HOOKS = frozenset({"input", "output", "forward"})
VERDICTS = frozenset({"accept", "drop", "reject", "jump", "goto", "return", "vmap"})
HARMLESS = frozenset({"accept", "counter", "limit", "log"})
SHOWN = 160
"""Characters of a foreign rule that a finding shows."""

Key = tuple[str, str, str]


@dataclass(frozen=True, order=True)
class Opening:
    """One connection that the ruleset lets a host make or accept."""

    direction: Direction
    protocol: str
    port: int
    last_port: int
    remote: IPv4Network

    @property
    def ports(self) -> range:
        """Every destination port."""
        return range(self.port, self.last_port + 1)

    def __str__(self) -> str:
        """The opening in one short phrase."""
        end = "from" if self.direction is Direction.INGRESS else "to"
        ports = f"{self.port}-{self.last_port}" if self.last_port > self.port else self.port
        return f"{self.protocol}/{ports} {end} {self.remote}"

    @classmethod
    def of(cls, rule: Rule) -> Opening:
        """What a rule of the plan opens."""
        return cls(rule.direction, rule.protocol, rule.ports[0], rule.ports[-1], rule.remote)


@dataclass(frozen=True)
class BaseChain:
    """A chain that the kernel calls, with what happens to a packet that no rule matched."""

    family: str
    table: str
    name: str
    type: str
    hook: str
    policy: str


@dataclass(frozen=True)
class Ruleset:
    """The whole ruleset.

    Attributes:
        openings: what is let through, apart from loopback and returning traffic.
        foreign: rules that fit no shape this project uses.
        stateful: hooks on which returning traffic passes by the state of its connection.
        invalid_dropped: hooks on which packets without a valid state are dropped.
        logged: hooks on which refused packets are logged.
        noted: hooks on which every new connection is logged.
    """

    chains: tuple[BaseChain, ...]
    openings: frozenset[Opening]
    foreign: tuple[str, ...]
    stateful: frozenset[str]
    invalid_dropped: frozenset[str]
    logged: frozenset[str]
    noted: frozenset[str]

    def policies(self, hook: str) -> frozenset[str]:
        """Policies of the filter chains on one hook that see both IPv4 and IPv6."""
        return frozenset(
            chain.policy
            for chain in self.chains
            if (chain.hook, chain.family, chain.type) == (hook, "inet", "filter")
        )


def read_ruleset(text: str) -> Ruleset:
    """Reduce the answer of `nft -j list ruleset`."""
    objects: list[dict[str, Json]] = json.loads(text)["nftables"]
    chains = [_base(item["chain"]) for item in objects if "hook" in item.get("chain", {})]
    reader = _Reader(
        hooks={(chain.family, chain.table, chain.name): chain.hook for chain in chains},
        sets={_key(item["set"], "name"): item["set"].get("elem", []) for item in objects if "set" in item},
    )
    for item in objects:
        if "rule" in item:
            reader.read(item["rule"])
    return Ruleset(
        chains=tuple(chains),
        openings=frozenset(reader.openings),
        foreign=tuple(reader.foreign),
        stateful=frozenset(reader.stateful),
        invalid_dropped=frozenset(reader.invalid),
        logged=frozenset(reader.logged),
        noted=frozenset(reader.noted),
    )


def _key(item: Mapping[str, Json], name: str) -> Key:
    return item["family"], item["table"], item[name]


def _tests(rule: Mapping[str, Json]) -> list[Json]:
    return [expression["match"] for expression in rule["expr"] if "match" in expression]


def _base(chain: Mapping[str, Json]) -> BaseChain:
    return BaseChain(
        chain["family"], chain["table"], chain["name"], chain["type"], chain["hook"], chain["policy"]
    )


@dataclass
class _Reader:
    """Reads rule after rule and sorts each into what it means."""

    hooks: Mapping[Key, str]
    sets: Mapping[Key, list[Json]]
    openings: set[Opening] = field(default_factory=set)
    foreign: list[str] = field(default_factory=list)
    stateful: set[str] = field(default_factory=set)
    invalid: set[str] = field(default_factory=set)
    logged: set[str] = field(default_factory=set)
    noted: set[str] = field(default_factory=set)

    def read(self, rule: Mapping[str, Json]) -> None:
        try:
            self.sort(rule, self.hooks[_key(rule, "chain")])
        except (NotUnderstoodError, KeyError, TypeError, ValueError):
            shown = json.dumps(rule["expr"], separators=(",", ":"))[:SHOWN]
            self.foreign.append(f"{rule['table']}/{rule['chain']}: {shown}")

    def sort(self, rule: Mapping[str, Json], hook: str) -> None:
        kinds = {next(iter(expression)): expression for expression in rule["expr"]}
        verdict = next((kind for kind in kinds if kind in VERDICTS), None)
        if "log" in kinds:
            self.log(rule, hook)
        if hook in HOOKS and verdict in ("drop", "reject"):
            self.refuse(rule, hook)
        elif hook in HOOKS and verdict == "accept":
            self.accept(self.match(rule, hook), hook)
        elif verdict is not None or hook not in HOOKS:
            raise NotUnderstoodError

    def match(self, rule: Mapping[str, Json], hook: str) -> Match:
        match = Match()
        for expression in rule["expr"]:
            kind = next(iter(expression))
            if kind == "match":
                test = expression["match"]
                match = narrow(match, test, list(self.values(test["right"], rule)), hook)
            elif kind not in HARMLESS:
                raise NotUnderstoodError
        return match

    def log(self, rule: Mapping[str, Json], hook: str) -> None:
        """A rule that logs all that came so far, or new connections; a part of them counts for nothing."""
        if not _tests(rule):
            self.logged.add(hook)
        elif self.only_state(rule) == {"new"}:
            self.noted.add(hook)

    def refuse(self, rule: Mapping[str, Json], hook: str) -> None:
        """A rule that refuses can only tighten; what matters is whether it is the one for invalid packets."""
        if self.only_state(rule) == {"invalid"}:
            self.invalid.add(hook)

    def only_state(self, rule: Mapping[str, Json]) -> set[Json]:
        """The states of connections that a rule tests for, if it tests for nothing else."""
        tests = _tests(rule)
        by_state = len(tests) == 1 and tests[0]["left"] == {"ct": {"key": "state"}}
        return set(self.values(tests[0]["right"], rule)) if by_state else set()

    def values(self, right: Json, rule: Mapping[str, Json]) -> Iterator[Json]:
        """The values that a test compares with, sets looked up."""
        if isinstance(right, str) and right.startswith("@"):
            right = {"set": self.sets[rule["family"], rule["table"], right[1:]]}
        items = right["set"] if isinstance(right, dict) and "set" in right else right
        for item in items if isinstance(items, list) else [items]:
            yield item["elem"]["val"] if isinstance(item, dict) and "elem" in item else item

    def accept(self, match: Match, hook: str) -> None:
        if match.loopback:
            return
        if match.states and match.states <= RETURNING:
            self.stateful.add(hook)
            return
        if match.states not in (None, frozenset({"new"})) or hook == "forward":
            raise NotUnderstoodError
        direction = Direction.INGRESS if hook == "input" else Direction.EGRESS
        for protocol, remote, (first, last) in match.combinations():
            self.openings.add(Opening(direction, protocol, first, last, remote))
