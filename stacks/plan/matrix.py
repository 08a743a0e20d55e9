"""Who reaches whom: every segment and the outside against every segment and the outside, by service.

Computed from the rules of the plan, both ends of each connection, and not from the flows that they were
made of: what a rule opens by mistake stands here too. Whatever is not listed is dropped.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from ipaddress import IPv4Network
from operator import itemgetter

from stacks.plan.flows import Endpoint
from stacks.plan.model import Direction, Plan, Rule, SegmentPlan, TenantPlan
from stacks.plan.reachability import OUTSIDE
from stacks.plan.rules import ANYWHERE, BROADCAST, METADATA, only

BASTION = "platform/bastion"
SERVICES = "platform/services"
"""Package source, time, names and log collector, on the services network."""

FLOOR = frozenset({METADATA, BROADCAST})
"""What answers on the segment itself: how a host comes up, and no way to anybody else."""


@dataclass(frozen=True, order=True)
class Reach:
    """One service that one end may open at another.

    Attributes:
        source: `tenant/segment`, `platform/bastion` or `outside`.
        target: the same, or `platform/services`.
        service: its name in `platform.yaml`; of the platform's services their own; else protocol and ports.
        ports: such as `443` or `10000-10199`.
        reason: why, in the words of the rule that lets it in.
    """

    source: str
    target: str
    service: str
    protocol: str
    ports: str
    reason: str


@dataclass(frozen=True)
class Matrix:
    """All that is open between the names; everything else is closed.

    Attributes:
        bands: the names that belong together, by what they have in common, in the order to show them.
        reaches: sorted.
    """

    bands: dict[str, tuple[str, ...]]
    reaches: tuple[Reach, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name; each is a source and a target, but `platform/services` answers only."""
        return tuple(name for names in self.bands.values() for name in names)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Every name that may open something."""
        return tuple(name for name in self.names if name != SERVICES)

    @cached_property
    def squares(self) -> dict[tuple[str, str], tuple[Reach, ...]]:
        """What is open from a source to a target."""
        found: dict[tuple[str, str], list[Reach]] = {}
        for reach in self.reaches:
            found.setdefault((reach.source, reach.target), []).append(reach)
        return {key: tuple(reaches) for key, reaches in found.items()}

    def of(self, tenants: Iterable[str]) -> Matrix:
        """The rows and columns of some tenants, and of all whom they reach or who reach them."""
        wanted = set(tenants)
        own = {name for name in self.names if name.partition("/")[0] in wanted}
        reaches = tuple(reach for reach in self.reaches if {reach.source, reach.target} & own)
        shown = own | {name for reach in reaches for name in (reach.source, reach.target)}
        bands = {title: tuple(name for name in names if name in shown) for title, names in self.bands.items()}
        return Matrix({title: names for title, names in bands.items() if names}, reaches)


@dataclass(frozen=True)
class _End:
    """One name with its network and rules; `platform/services` and the outside have no rules of ours."""

    name: str
    network: IPv4Network
    rules: tuple[Rule, ...] = ()


def matrix(plan: Plan) -> Matrix:
    """The whole matrix of a plan."""
    ends = tuple(_ends(plan))
    inside = _Networks(ends)
    names = _Names(plan)
    reaches = [
        reach
        for end in ends
        for reach in (*_opened_by(end, inside, names), *_from_outside(end, inside, names))
    ]
    sides: dict[str, list[str]] = {str(side.side): [] for side in plan.platform.sides}
    for tenant, segment in _segments(plan):
        sides[segment.side].append(str(Endpoint(tenant.id, segment.key)))
    bands = {OUTSIDE: (OUTSIDE,), **{side: tuple(found) for side, found in sides.items()}}
    return Matrix({**bands, "platform": (BASTION, SERVICES)}, tuple(sorted(set(reaches))))


def _segments(plan: Plan) -> Iterator[tuple[TenantPlan, SegmentPlan]]:
    for tenant in plan.tenants:
        for segment in tenant.segments:
            yield tenant, segment


def _ends(plan: Plan) -> Iterator[_End]:
    for tenant, segment in _segments(plan):
        hosts = (host for host in tenant.hosts if host.segment == segment.key)
        rules = {*segment.security_group.rules, *(rule for host in hosts for rule in host.rules)}
        yield _End(str(Endpoint(tenant.id, segment.key)), segment.cidr, tuple(rules))
    management = plan.platform.management
    yield _End(BASTION, only(management.bastion), management.bastion_security_group.rules)
    for service in plan.platform.services:
        yield _End(SERVICES, service)


class _Networks:
    """The ends by their networks, which never overlap."""

    def __init__(self, ends: tuple[_End, ...]) -> None:
        self._sorted = sorted((int(end.network[0]), int(end.network[-1]), end.name) for end in ends)
        self._ends = {(end.name, int(end.network[0])): end for end in ends}

    def within(self, remote: IPv4Network) -> Iterator[_End]:
        """The ends that a rule's other end covers, in whole or in part."""
        low, high = int(remote[0]), int(remote[-1])
        index = max(bisect_right(self._sorted, low, key=itemgetter(0)) - 1, 0)
        for first, last, name in self._sorted[index:]:
            if first > high:
                return
            if last >= low:
                yield self._ends[name, first]

    def cover(self, remote: IPv4Network) -> bool:
        """Whether a rule's other end is part of the cloud's own ends alone."""
        return remote in FLOOR or any(remote.subnet_of(end.network) for end in self.within(remote))


class _Names:
    """Services by their protocol and ports."""

    def __init__(self, plan: Plan) -> None:
        sides = (network for side in plan.platform.sides for network in (*side.space, side.backbone))
        self.spaces = (*sides, plan.platform.management.network)
        self._named: dict[tuple[str, range], str] = {
            (service.protocol, range(first, last + 1)): name
            for name, service in plan.platform.platform.services.items()
            for first, last in service.spans
        }

    def reach(self, source: str, target: str, rule: Rule, ports: range) -> Reach:
        text = f"{ports[0]}-{ports[-1]}" if len(ports) > 1 else str(ports[0])
        name = self._named.get((rule.protocol, ports), f"{rule.protocol}/{text}")
        return Reach(source, target, name, rule.protocol, text, rule.reason)


def _opened_by(end: _End, inside: _Networks, names: _Names) -> Iterator[Reach]:
    for rule in end.rules:
        if rule.direction is not Direction.EGRESS or rule.remote in FLOOR:
            continue
        if not inside.cover(rule.remote) and not any(rule.remote.subnet_of(space) for space in names.spaces):
            yield names.reach(end.name, OUTSIDE, rule, rule.ports)
        for target in inside.within(rule.remote):
            if target.name == SERVICES:
                yield replace(names.reach(end.name, SERVICES, rule, rule.ports), service=rule.reason)
            for other in target.rules:
                if _answers(rule, other, end):
                    ports = range(max(rule.port, other.port), min(rule.ports[-1], other.ports[-1]) + 1)
                    yield names.reach(end.name, target.name, other, ports)


def _answers(rule: Rule, other: Rule, source: _End) -> bool:
    """Whether a rule of the target lets in what a rule of the source lets out."""
    return (
        other.direction is Direction.INGRESS
        and other.protocol == rule.protocol
        and other.port <= rule.ports[-1]
        and rule.port <= other.ports[-1]
        and other.remote.overlaps(source.network)
    )


def _from_outside(end: _End, inside: _Networks, names: _Names) -> Iterator[Reach]:
    for rule in end.rules:
        if rule.direction is Direction.INGRESS and (rule.remote == ANYWHERE or not inside.cover(rule.remote)):
            yield names.reach(OUTSIDE, end.name, rule, rule.ports)
