"""The reachability matrix: what must answer and what must not, computed from the plan alone.

Only TCP is listed, because silence proves nothing with UDP. A cell is allowed only where a rule of the
plan says why; where the rules let a packet leave but no rule says whether the far end answers (the
address of a router inside a network that a flow opens), there is no cell, because nothing is promised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address

from stacks.plan.flows import Endpoint
from stacks.plan.model import Direction, HostPlan, Plan, Rule, SegmentPlan, TenantPlan
from stacks.request.platform import Platform

CANARY_PORT = 33434
"""A port that no service uses; it must be closed everywhere."""

OUTSIDE = "outside"
"""The source that stands for the Internet: the operator's machine."""

BASTION = "bastion"
"""The bastion's name as a host, in the SSH configuration too."""

METADATA = IPv4Address("169.254.169.254")
"""Where a cloud answers hosts that ask about themselves."""


class TargetKind(StrEnum):
    """What answers at a target's address."""

    HOST = "host"
    PUBLIC = "public"
    SERVICE = "service"
    ROUTER = "router"
    METADATA = "metadata"


@dataclass(frozen=True, order=True)
class Target:
    """Where a probe goes.

    Attributes:
        name: `tenant/segment/host`, with `#public` for its floating IP; or a part of the platform.
        host: name of the host that answers; empty for what is not a host.
        address: what to connect to; `None` where only the cloud knows it (floating IPs, metadata ports).
    """

    name: str
    host: str
    address: IPv4Address | None
    kind: TargetKind = TargetKind.HOST

    @property
    def group(self) -> str:
        """What a summary shows as one column: a segment, its floating IPs, a part of the platform."""
        name, public, _ = self.name.partition("#")
        return "/".join(name.split("/")[:2]) + (f"{public}public" if public else "")


@dataclass(frozen=True, order=True)
class Cell:
    """One entry of the matrix.

    Attributes:
        source: `tenant/segment`, `platform/bastion`, or `outside`.
        prober: name of the host that probes; empty for the outside.
        reason: the rule that allows the connection, in words; empty where nothing does.
    """

    source: str
    prober: str
    target: Target
    port: int
    service: str
    reason: str

    @property
    def allowed(self) -> bool:
        """Whether the connection must reach the target; otherwise it must not."""
        return bool(self.reason)

    @property
    def control(self) -> bool:
        """Whether this is a positive control: if it fails, the network is broken and nothing is proved."""
        return self.allowed and (self.source == OUTSIDE or self.target.kind is TargetKind.SERVICE)


@dataclass(frozen=True)
class Prober:
    """A host that probes on behalf of its segment.

    Attributes:
        gateway: the router that a host of this segment can hand packets to.
    """

    source: str
    host: str
    address: IPv4Address
    gateway: IPv4Address
    rules: tuple[Rule, ...]


def ports(plan: Plan) -> dict[int, str]:
    """Every TCP port that is probed, with its service's name; of a range the first and the last."""
    platform = plan.platform.platform
    named = {
        port: name
        for name, item in platform.services.items()
        if item.protocol == "tcp"
        for span in item.spans
        for port in span
    }
    published = {port: "published" for _, host in hosts(plan) for port in host.published_ports}
    return {
        22: "administration",
        **{port: name for (_, port), name in _answering(platform).items()},
        **published,
        **named,
        CANARY_PORT: "canary",
    }


def expected(plan: Plan) -> tuple[Cell, ...]:
    """The whole matrix, sorted: every source to every target on every port."""
    field = _field(plan)
    inside = (cell for prober in probers(plan) for cell in _from_inside(field, prober))
    return tuple(sorted([*inside, *_from_outside(plan, field)]))


def probers(plan: Plan) -> Iterator[Prober]:
    """One host in every segment that has one, and the bastion."""
    for tenant, segment in segments(plan):
        host = next((host for host in tenant.hosts if host.segment == segment.key), None)
        if host is not None:
            source = str(Endpoint(tenant.id, segment.key))
            yield Prober(source, host.name, host.address, segment.gateway, host.rules)
    management = plan.platform.management
    rules = management.bastion_security_group.rules
    yield Prober("platform/bastion", BASTION, management.bastion, management.gateway, rules)


def unprobed(plan: Plan) -> tuple[str, ...]:
    """Segments without a host: nothing can be sent from there, so the proof says nothing about them."""
    return tuple(
        str(Endpoint(tenant.id, segment.key))
        for tenant, segment in segments(plan)
        if all(host.segment != segment.key for host in tenant.hosts)
    )


def targets(plan: Plan) -> tuple[Target, ...]:
    """Every host, floating IP, router, metadata port and platform service."""
    return (*_hosts(plan), *_floating(plan), *_routers(plan), *_metadata(plan), *_services(plan))


def hosts(plan: Plan) -> Iterator[tuple[TenantPlan, HostPlan]]:
    """Every host with its tenant."""
    for tenant in plan.tenants:
        for host in tenant.hosts:
            yield tenant, host


def segments(plan: Plan) -> Iterator[tuple[TenantPlan, SegmentPlan]]:
    """Every segment with its tenant."""
    for tenant in plan.tenants:
        for segment in tenant.segments:
            yield tenant, segment


def _hosts(plan: Plan) -> Iterator[Target]:
    for tenant, host in hosts(plan):
        yield Target(f"{tenant.id}/{host.segment}/{host.key}", host.name, host.address)
    yield Target("platform/bastion", BASTION, plan.platform.management.bastion)


def _floating(plan: Plan) -> Iterator[Target]:
    for tenant, host in hosts(plan):
        if host.published:
            name = f"{tenant.id}/{host.segment}/{host.key}#public"
            yield Target(name, host.name, None, TargetKind.PUBLIC)
    yield Target("platform/bastion#public", BASTION, None, TargetKind.PUBLIC)


def _routers(plan: Plan) -> Iterator[Target]:
    yield Target("platform/router", "", plan.platform.management.gateway, TargetKind.ROUTER)
    for tenant, segment in segments(plan):
        yield Target(f"{tenant.id}/{segment.key}/gateway", "", segment.gateway, TargetKind.ROUTER)
    for tenant in plan.tenants:
        for router in tenant.routers:
            name = f"{tenant.id}/routers/{router.key}"
            yield Target(f"{name}-management", "", router.management, TargetKind.ROUTER)
            if router.backbone:
                yield Target(f"{name}-backbone", "", router.backbone, TargetKind.ROUTER)


def _metadata(plan: Plan) -> Iterator[Target]:
    yield Target("platform/metadata", "", METADATA, TargetKind.METADATA)
    for tenant, segment in segments(plan):
        yield Target(f"{tenant.id}/{segment.key}/metadata", "", None, TargetKind.METADATA)


def _answering(platform: Platform) -> dict[tuple[IPv4Address, int], str]:
    """Where core services answer over TCP whatever is asked, with their names."""
    core = platform.core_services
    log = {(core.log.address, core.log.port): "log"} if core.log else {}
    return log | {(core.packages_address, core.packages.port or 80): "packages"}


def _services(plan: Plan) -> Iterator[Target]:
    core = plan.platform.platform.core_services
    named = {core.packages_address: "packages"}
    named.setdefault(core.time, "time")
    named.setdefault(core.names, "names")
    if core.log:
        named.setdefault(core.log.address, "log")
    for address, name in named.items():
        yield Target(f"platform/{name}", "", address, TargetKind.SERVICE)


@dataclass(frozen=True)
class _Field:
    """What every prober meets; made once, because a landing zone has many probers."""

    targets: tuple[Target, ...]
    ports: dict[int, str]
    ingress: dict[str, tuple[Rule, ...]]
    answering: frozenset[tuple[IPv4Address, int]]


def _field(plan: Plan) -> _Field:
    rules = {host.name: host.rules for _, host in hosts(plan)}
    rules[BASTION] = plan.platform.management.bastion_security_group.rules
    return _Field(
        targets=targets(plan),
        ports=ports(plan),
        ingress={name: _tcp(found, Direction.INGRESS) for name, found in rules.items()},
        answering=frozenset(_answering(plan.platform.platform)),
    )


def _from_inside(field: _Field, prober: Prober) -> Iterator[Cell]:
    egress = _tcp(prober.rules, Direction.EGRESS)
    for target in field.targets:
        if target.host == prober.host and target.kind is TargetKind.HOST:
            continue
        for port, service in field.ports.items():
            reason = _reason(egress, target.address, port)
            if reason and target.kind is TargetKind.HOST:
                accepted = _reason(field.ingress[target.host], prober.address, port)
                reason = reason if accepted else ""
            elif reason and (target.address, port) not in field.answering:
                continue
            yield Cell(prober.source, prober.host, target, port, service, reason)


def _tcp(rules: tuple[Rule, ...], direction: Direction) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule.direction is direction and rule.protocol == "tcp")


def _reason(rules: tuple[Rule, ...], remote: IPv4Address | None, port: int) -> str:
    """The rule that lets TCP through; an address that only the cloud knows is named by no rule."""
    if remote is None:
        return ""
    return next((rule.reason for rule in rules if port in rule.ports and remote in rule.remote), "")


def _from_outside(plan: Plan, field: _Field) -> Iterator[Cell]:
    """From the operator's machine: the published ports, the bastion's SSH, and nothing else."""
    published = {host.name: dict.fromkeys(host.published_ports, "published") for _, host in hosts(plan)}
    published[BASTION] = {22: "operators reach the bastion"}
    probed = {TargetKind.HOST, TargetKind.PUBLIC, TargetKind.ROUTER}
    for target in field.targets:
        if target.kind not in probed:
            continue
        for port, service in field.ports.items():
            public = target.kind is TargetKind.PUBLIC
            reason = published[target.host].get(port, "") if public else ""
            yield Cell(OUTSIDE, "", target, port, service, reason)
