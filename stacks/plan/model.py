"""The plan: everything that is decided before Pulumi starts. Frozen, and the same for the same input.

Stacks, inventory, audit and proof read it; none of them derives an address, a rule or a name again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated

from pydantic import Field

from stacks.plan.dedicated import ProviderSegment
from stacks.plan.exchange import ExchangePlan
from stacks.plan.grants import SUPERVISING_ROLE, Grant, GroupPlan
from stacks.plan.lineage import NodePlan
from stacks.plan.placement import ORDINARY, Placement
from stacks.request.fields import Side
from stacks.request.model.handling import LogLevel
from stacks.request.platform import Platform, QuotaClass
from stacks.request.tenant import Site, TenantRequest


class Direction(StrEnum):
    """Seen from the host: `ingress` comes in, `egress` goes out."""

    INGRESS = "ingress"
    EGRESS = "egress"


@dataclass(frozen=True, order=True)
class Rule:
    """One allowed, stateful connection of a host; whatever no rule names is dropped.

    Attributes:
        direction: which end opens the connection.
        protocol: `tcp` or `udp`.
        port: destination port.
        remote: the other end.
        reason: why the rule exists, in words; shown to auditors.
        last_port: the end of a range that begins with `port`; `None` where it is one port.
    """

    direction: Direction
    protocol: str
    port: int
    remote: IPv4Network
    reason: str
    last_port: Annotated[int | None, Field(exclude_if=lambda value: value is None)] = None

    @property
    def ports(self) -> range:
        """Every destination port."""
        return range(self.port, (self.last_port or self.port) + 1)

    @property
    def ports_text(self) -> str:
        """The ports as a person writes them: `443`, or `10000-10199`."""
        return f"{self.port}-{self.last_port}" if self.last_port else str(self.port)

    @property
    def key(self) -> str:
        """A stable name within one rule set."""
        remote = self.remote.with_prefixlen.replace("/", "_")
        return f"{self.direction}-{self.protocol}-{self.ports_text}-{remote}"


@dataclass(frozen=True)
class SecurityGroupPlan:
    """A security group that starts from no rule, in either direction."""

    name: str
    description: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, order=True)
class Route:
    """A static route of a router."""

    destination: IPv4Network
    next_hop: IPv4Address

    @property
    def order(self) -> tuple[int, int, int]:
        """What routes are sorted by: as numbers, which compare in a tenth of the time that addresses take."""
        return int(self.destination.network_address), self.destination.prefixlen, int(self.next_hop)


@dataclass(frozen=True)
class SegmentPlan:
    """One network with its subnet.

    Attributes:
        key: the request's name of the segment.
        name: the network's name in the cloud.
        gateway: the tenant router's address in the segment.
        pool: first and last address that Neutron may hand out by itself; planned hosts lie outside.
        host_routes: what hosts learn by DHCP beside `default_route`; none where the request has no hosts.
        provider: the VLAN of a dedicated network.
    """

    key: str
    name: str
    zone: str
    side: Side
    cidr: IPv4Network
    gateway: IPv4Address
    pool: tuple[IPv4Address, IPv4Address]
    host_routes: tuple[Route, ...]
    security_group: SecurityGroupPlan
    provider: ProviderSegment | None = None

    @property
    def default_route(self) -> IPv4Address | None:
        """The way out that hosts learn by DHCP; the internal side has none."""
        return self.gateway if self.side is Side.EXTERNAL else None


@dataclass(frozen=True)
class RouterPlan:
    """A tenant's router on one side; no router ever joins two sides.

    A tenant has at most two on a side: one for its ordinary segments, one for its dedicated network.

    Attributes:
        external_gateway: whether it has a leg in the provider network, for published hosts.
        management: its address in the management network.
        backbone: its address on the side's backbone, where a declared flow needs one.
        routes: to the core services, and to the far end of every declared flow.
        dedicated: whether it is the one of the dedicated network.
    """

    side: Side
    name: str
    external_gateway: bool
    segments: tuple[str, ...]
    management: IPv4Address
    backbone: IPv4Address | None
    routes: tuple[Route, ...]
    dedicated: Annotated[bool, Field(exclude_if=lambda value: not value)] = False

    @property
    def key(self) -> str:
        """Its name within the tenant: `internal`, or `dedicated-internal`."""
        return f"dedicated-{self.side}" if self.dedicated else str(self.side)


@dataclass(frozen=True)
class VolumePlan:
    """One volume of one host.

    Attributes:
        key: the request's name of the volume.
        name: its name in the cloud.
        size: GiB.
        type: the cloud's volume type that the classification wants; `None` where it wants none.
        mount: the folder where the host shows it.
        options: options of the mount, beside the file system's own.
    """

    key: str
    name: str
    size: int
    type: str | None
    mount: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class HostPlan:
    """One host.

    Attributes:
        key: name within the tenant, for example `web-1`.
        name: server and host name, unique in the cloud.
        rules: the union of its security groups' rules; nftables on the host enforces the same.
        hostnames: names that the outside reaches it by; empty when it is not published.
        published_ports: TCP ports open to the outside.
        volumes: its own, in the order of the request.
    """

    key: str
    name: str
    group: str
    segment: str
    address: IPv4Address
    flavor: str
    workload: str
    site: Site | None
    rules: tuple[Rule, ...]
    hostnames: tuple[str, ...]
    published_ports: tuple[int, ...]
    volumes: Annotated[tuple[VolumePlan, ...], Field(exclude_if=lambda value: not value)] = ()

    @property
    def published(self) -> bool:
        """Whether the host gets a floating IP."""
        return bool(self.published_ports)


@dataclass(frozen=True)
class TenantPlan:
    """Everything of one tenant.

    Attributes:
        lineage: the tenants above, the highest first.
        node: the Keystone project of the tenants below; none where nobody is.
        grants: which group may do what in the project.
    """

    id: str
    request: TenantRequest
    project: str
    description: str
    tags: tuple[str, ...]
    quotas: QuotaClass
    segments: tuple[SegmentPlan, ...]
    routers: tuple[RouterPlan, ...]
    publications: tuple[SecurityGroupPlan, ...]
    hosts: tuple[HostPlan, ...]
    placement: Placement = ORDINARY
    lineage: tuple[str, ...] = ()
    node: str | None = None
    grants: tuple[Grant, ...] = ()
    exchanges: tuple[ExchangePlan, ...] = ()

    @property
    def own_grants(self) -> tuple[Grant, ...]:
        """The grants of its own request, but for its staff's."""
        return tuple(grant for grant in self.grants if grant.source == self.id != grant.group)

    @property
    def supervision(self) -> tuple[Grant, ...]:
        """The grants of its own request that hold in every tenant below, too."""
        return tuple(grant for grant in self.own_grants if self.node and grant.role == SUPERVISING_ROLE)

    def segment(self, key: str) -> SegmentPlan:
        """The segment of that name.

        Raises:
            KeyError: the tenant has no such segment.
        """
        return {segment.key: segment for segment in self.segments}[key]

    def router(self, segment: str) -> RouterPlan:
        """The router that a segment hangs on.

        Raises:
            KeyError: the tenant has no such segment.
        """
        return {key: router for router in self.routers for key in router.segments}[segment]

    def security_groups(self, host: HostPlan) -> tuple[str, ...]:
        """Names of the security groups of one of its hosts."""
        opened = publication_name(self.id, host.group)
        published = [group.name for group in self.publications if group.name == opened]
        return (self.segment(host.segment).security_group.name, *published)


@dataclass(frozen=True)
class SidePlan:
    """One side of the wall.

    Attributes:
        adopted: networks that were there before this cloud; segments may bring parts of them along.
    """

    side: Side
    scope: str
    pool: IPv4Network
    backbone: IPv4Network
    adopted: Annotated[tuple[IPv4Network, ...], Field(exclude_if=lambda value: not value)] = ()

    @property
    def space(self) -> tuple[IPv4Network, ...]:
        """Every network that a segment of this side may lie in."""
        return (self.pool, *self.adopted)


@dataclass(frozen=True)
class ManagementPlan:
    """The management network, its router and the bastion.

    Attributes:
        gateway: the platform router's address in the management network.
        bastion: the bastion's address; the only source of host administration.
        pool: addresses that Neutron may hand out by itself.
        log_level: what the bastion logs: all, because everybody who administers passes there.
    """

    network: IPv4Network
    gateway: IPv4Address
    bastion: IPv4Address
    pool: tuple[IPv4Address, IPv4Address]
    operators: tuple[IPv4Network, ...]
    bastion_security_group: SecurityGroupPlan
    log_level: LogLevel = "full"


@dataclass(frozen=True)
class PlatformPlan:
    """Everything that is shared.

    Attributes:
        tenant_routes: the platform router's way to every tenant's segment. They belong to the platform
            because one router's routes cannot be written safely by many stacks at once.
        groups: the groups of people that requests and the platform file name.
        roles: Keystone's roles that somebody gets.
        nodes: where tenants stand that have another one above, the highest first.
    """

    platform: Platform
    sides: tuple[SidePlan, ...]
    management: ManagementPlan
    tenant_routes: tuple[Route, ...]
    groups: tuple[GroupPlan, ...] = ()
    roles: tuple[str, ...] = ()
    nodes: tuple[NodePlan, ...] = ()

    @cached_property
    def services(self) -> tuple[IPv4Network, ...]:
        """The addresses of the core services, each as its own network, sorted."""
        core = self.platform.core_services
        addresses = {core.packages_address, core.time, core.names, *([core.log.address] if core.log else ())}
        return tuple(IPv4Network((address, 32)) for address in sorted(addresses))


@dataclass(frozen=True)
class Plan:
    """The whole landing zone."""

    platform: PlatformPlan
    tenants: tuple[TenantPlan, ...]

    def tenant(self, tenant_id: str) -> TenantPlan:
        """The tenant of that id.

        Raises:
            KeyError: nobody requested such a tenant.
        """
        return {tenant.id: tenant for tenant in self.tenants}[tenant_id]


def publication_name(tenant: str, group: str) -> str:
    """Name of the security group that opens a host group's published ports."""
    return f"{tenant}-{group}-published"
