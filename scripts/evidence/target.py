"""The hosts that are audited, and what the plan says of each: the tenants' hosts and the bastion alike."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from scripts.access.ssh import BASTION
from scripts.evidence.said import Said, said
from scripts.planning.reasons import spoken
from stacks.language import Language, speaking
from stacks.plan import naming
from stacks.plan.model import HostPlan, Plan, Route, Rule, TenantPlan, VolumePlan
from stacks.request.model.handling import LogLevel

PLATFORM = "platform"
"""The tenant id under which what is shared is audited; no tenant may have it."""

MANAGEMENT = "management"
"""The side of the bastion: neither of the two."""


@dataclass(frozen=True)
class Target:
    """One host and what must be true of it.

    Attributes:
        tenant: id of its tenant, or `platform`.
        name: what SSH calls it.
        hostname: what the host must call itself.
        side: `external`, `internal` or `management`.
        gateway: where its default route leads; `None` where it must have none.
        routes: its routes beside the own segment and the default route.
        log_level: what it must record, by the classification of its data.
        volumes: what it must show beside its own disk.
    """

    tenant: str
    name: str
    hostname: str
    side: str
    address: IPv4Address
    network: IPv4Network
    gateway: IPv4Address | None
    routes: tuple[Route, ...]
    rules: tuple[Rule, ...]
    workload: str
    hostnames: tuple[str, ...]
    published_ports: tuple[int, ...]
    log_level: LogLevel
    volumes: tuple[VolumePlan, ...] = ()

    @property
    def is_bastion(self) -> bool:
        """Whether it is the bastion, the one host that forwards SSH connections."""
        return self.side == MANAGEMENT

    @property
    def is_portal(self) -> bool:
        """Whether citizens reach a portal on it."""
        return self.workload == "portal" and bool(self.published_ports)


@dataclass(frozen=True)
class PlannedRule:
    """One rule of a host's firewall, as a row of its checks."""

    rule: Rule

    @property
    def name(self) -> str:
        """What it opens, without blanks."""
        rule = self.rule
        ports = f"{rule.ports[0]}-{rule.ports[-1]}" if len(rule.ports) > 1 else str(rule.ports[0])
        return f"{rule.direction}:{rule.protocol}:{ports}:{rule.remote}"

    @property
    def phrase(self) -> Said:
        """The row in a few words."""
        direction, _, rest = self.name.partition(":")
        reason = self.rule.reason
        with speaking(Language.ZH):
            why = Said(reason, spoken(reason))
        return said(
            "{direction} {rest} ({reason})",
            direction=said(direction),
            rest=rest.replace(":", " "),
            reason=why,
        )


def planned_rules(target: Target) -> tuple[PlannedRule, ...]:
    """The rules of a host, each opening once."""
    by_name = {row.name: row for row in map(PlannedRule, sorted(set(target.rules)))}
    return tuple(by_name.values())


def targets(plan: Plan) -> tuple[Target, ...]:
    """Every host of the landing zone, the bastion first."""
    return (_bastion(plan), *(_host(tenant, host) for tenant in plan.tenants for host in tenant.hosts))


def _host(tenant: TenantPlan, host: HostPlan) -> Target:
    segment = tenant.segment(host.segment)
    return Target(
        tenant=tenant.id,
        name=host.name,
        hostname=host.name,
        side=segment.side.value,
        address=host.address,
        network=segment.cidr,
        gateway=segment.default_route,
        routes=segment.host_routes,
        rules=host.rules,
        workload=host.workload,
        hostnames=host.hostnames,
        published_ports=host.published_ports,
        log_level=tenant.placement.log_level,
        volumes=host.volumes,
    )


def _bastion(plan: Plan) -> Target:
    management = plan.platform.management
    return Target(
        tenant=PLATFORM,
        name=BASTION,
        hostname=naming.BASTION,
        side=MANAGEMENT,
        address=management.bastion,
        network=management.network,
        gateway=management.gateway,
        routes=(),
        rules=management.bastion_security_group.rules,
        workload="base",
        hostnames=(),
        published_ports=(),
        log_level=management.log_level,
    )
