"""The reachability matrix: what must answer and what must not, computed from the plan alone.

Only TCP is listed, because silence proves nothing with UDP.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from stacks.plan.flows import Endpoint
from stacks.plan.model import Direction, HostPlan, Plan, Rule, SegmentPlan, TenantPlan

CANARY_PORT = 33434
"""A port that no service uses; it must be closed everywhere."""

OUTSIDE = "outside"
"""The source that stands for the Internet."""


@dataclass(frozen=True, order=True)
class Target:
    """Where a probe goes.

    Attributes:
        name: `tenant/segment/host`, with `#public` for its floating IP; or a platform service.
        address: what to connect to; `None` for a floating IP, which only the cloud knows.
    """

    name: str
    host: str
    address: IPv4Address | None

    @property
    def public(self) -> bool:
        """Whether the probe goes to the host's floating IP."""
        return self.address is None


@dataclass(frozen=True, order=True)
class Cell:
    """One entry of the matrix.

    Attributes:
        source: `tenant/segment`, or `outside`.
        prober: name of the host that probes; empty for the outside.
        allowed: whether the connection must reach the target.
    """

    source: str
    prober: str
    target: Target
    port: int
    service: str
    allowed: bool


def ports(plan: Plan) -> dict[int, str]:
    """Every TCP port that is probed, with its service's name."""
    services = plan.platform.platform.services
    named = {item.port: name for name, item in services.items() if item.protocol == "tcp"}
    published = {port: "published" for t in plan.tenants for host in t.hosts for port in host.published_ports}
    return {**published, **named, CANARY_PORT: "canary"}


def expected(plan: Plan) -> tuple[Cell, ...]:
    """The whole matrix, sorted: every source to every target on every port."""
    return tuple(sorted([*_from_segments(plan), *_from_outside(plan)]))


def targets(plan: Plan) -> tuple[Target, ...]:
    """Every host by its private address, every published one by its floating IP, and the platform's own."""
    services = plan.platform.platform.core_services
    bastion = plan.platform.management.bastion
    return (
        *(
            Target(f"{tenant.id}/{host.segment}/{host.key}", host.name, host.address)
            for tenant, host in hosts(plan)
        ),
        *(
            Target(f"{tenant.id}/{host.segment}/{host.key}#public", host.name, None)
            for tenant, host in hosts(plan)
            if host.published
        ),
        Target("platform/bastion", "bastion", bastion),
        Target("platform/packages", "packages", IPv4Address(str(services.packages.host))),
    )


def hosts(plan: Plan) -> Iterator[tuple[TenantPlan, HostPlan]]:
    """Every host with its tenant."""
    for tenant in plan.tenants:
        for host in tenant.hosts:
            yield tenant, host


def _from_segments(plan: Plan) -> Iterator[Cell]:
    by_name = {host.name: host for _, host in hosts(plan)}
    for tenant in plan.tenants:
        for segment in tenant.segments:
            prober = next((host for host in tenant.hosts if host.segment == segment.key), None)
            if prober is None:
                continue
            for target in targets(plan):
                if target.host == prober.name:
                    continue
                for port, service in ports(plan).items():
                    allowed = _allowed(prober, target, by_name.get(target.host), port)
                    source = str(Endpoint(tenant.id, segment.key))
                    yield Cell(source, prober.name, target, port, service, allowed)


def _allowed(prober: HostPlan, target: Target, receiver: HostPlan | None, port: int) -> bool:
    """Both ends must allow it; a floating IP is never allowed from inside, egress is closed there."""
    if target.address is None or not _matches(prober.rules, Direction.EGRESS, target.address, port):
        return False
    if receiver is None:
        return target.name == "platform/packages"
    return _matches(receiver.rules, Direction.INGRESS, prober.address, port)


def _matches(rules: tuple[Rule, ...], direction: Direction, remote: IPv4Address, port: int) -> bool:
    return any(
        rule.direction is direction and rule.protocol == "tcp" and rule.port == port and remote in rule.remote
        for rule in rules
    )


def _from_outside(plan: Plan) -> Iterator[Cell]:
    by_name = {host.name: host for _, host in hosts(plan)}
    for target in targets(plan):
        receiver = by_name.get(target.host)
        for port, service in ports(plan).items():
            allowed = target.public and receiver is not None and port in receiver.published_ports
            yield Cell(OUTSIDE, "", target, port, service, allowed)


def segments(plan: Plan) -> Iterator[tuple[TenantPlan, SegmentPlan]]:
    """Every segment with its tenant."""
    for tenant in plan.tenants:
        for segment in tenant.segments:
            yield tenant, segment
