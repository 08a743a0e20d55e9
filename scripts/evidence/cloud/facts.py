"""The state of the cloud as the audit saw it, in the plan's terms: names and addresses, ids only as keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from stacks.plan.model import Direction, Route, Rule

INSTANCE = "compute:"
"""What the owner of a server's port starts with."""

ROUTER_OWNERS = ("network:router_", "network:ha_router_")
SERVICE_OWNERS = ("network:dhcp", "network:distributed")
"""Ports that Neutron itself puts into a network, for addresses and metadata."""


@dataclass(frozen=True)
class Project:
    """A Keystone project; `parent` is the project above, or the domain."""

    id: str
    name: str
    enabled: bool
    tags: frozenset[str]
    parent: str = ""


@dataclass(frozen=True)
class Wire:
    """What a network takes of the building's own network; `vlan` is `None` where frames carry no tag."""

    physical_network: str
    vlan: int | None


@dataclass(frozen=True)
class Network:
    """A Neutron network; one that lies on no wire is virtual."""

    id: str
    name: str
    project: str
    shared: bool
    external: bool
    port_security: bool
    wires: frozenset[Wire]


@dataclass(frozen=True)
class Subnet:
    """A subnet; `gateway` is `None` where hosts get no default route."""

    id: str
    network: str
    project: str
    cidr: IPv4Network
    gateway: IPv4Address | None
    pools: frozenset[tuple[IPv4Address, IPv4Address]]
    routes: frozenset[Route]
    subnet_pool: str | None


@dataclass(frozen=True)
class Router:
    """A router with its static routes; `external` is the network of its gateway."""

    id: str
    name: str
    project: str
    external: str | None
    routes: frozenset[Route]


@dataclass(frozen=True)
class Port:
    """A port.

    Attributes:
        device: id of the server or router that uses it.
        owner: Neutron's word for what kind of thing that is.
        extra_addresses: addresses beside its own that it may send from.
    """

    id: str
    name: str
    network: str
    project: str
    device: str
    owner: str
    addresses: frozenset[IPv4Address]
    groups: frozenset[str]
    security: bool
    extra_addresses: tuple[str, ...]

    @property
    def of_server(self) -> bool:
        """Whether a server uses it."""
        return self.owner.startswith(INSTANCE)

    @property
    def of_router(self) -> bool:
        """Whether a router uses it."""
        return self.owner.startswith(ROUTER_OWNERS)


@dataclass(frozen=True, order=True)
class GroupRule:
    """A security group rule in the plan's terms.

    Attributes:
        remote: a prefix in CIDR form, or what else the rule names as the other end.
    """

    direction: str
    family: str
    protocol: str
    first_port: int
    last_port: int
    remote: str

    def __str__(self) -> str:
        """The rule in one short phrase."""
        one = self.first_port == self.last_port
        ports = str(self.first_port) if one else f"{self.first_port}-{self.last_port}"
        end = "from" if self.direction == Direction.INGRESS else "to"
        return f"{self.family} {self.protocol}/{ports} {end} {self.remote}"

    @classmethod
    def of(cls, rule: Rule) -> GroupRule:
        """What a rule of the plan must look like."""
        first, last = rule.ports[0], rule.ports[-1]
        return cls(rule.direction.value, "IPv4", rule.protocol, first, last, rule.remote.with_prefixlen)


@dataclass(frozen=True)
class SecurityGroup:
    """A security group; `rules` are in no order, `count` counts them one by one."""

    id: str
    name: str
    project: str
    rules: frozenset[GroupRule]
    count: int
    stateful: bool


@dataclass(frozen=True)
class FloatingIp:
    """A floating IP and what it leads to."""

    address: IPv4Address
    project: str
    port: str | None
    fixed_address: IPv4Address | None


@dataclass(frozen=True)
class Share:
    """An RBAC policy: an object that another project may use."""

    kind: str
    object: str
    action: str
    target: str


@dataclass(frozen=True)
class SubnetPool:
    """A subnet pool of one address scope."""

    id: str
    name: str
    scope: str | None
    prefixes: frozenset[IPv4Network]


@dataclass(frozen=True)
class Server:
    """A Nova server.

    Attributes:
        zone: the availability zone that it runs in.
    """

    id: str
    name: str
    project: str
    status: str
    flavor: str
    image: str
    key: str
    zone: str


@dataclass(frozen=True, order=True)
class Volume:
    """A volume of Cinder.

    Attributes:
        size: GiB.
        kind: its volume type; empty where the cloud says none.
        servers: ids of the servers that it is attached to.
    """

    name: str
    project: str
    size: int
    kind: str
    servers: tuple[str, ...]


@dataclass(frozen=True)
class Action:
    """One thing that was done to a server."""

    kind: str
    user: str
    project: str
    start: str


@dataclass(frozen=True)
class Flavor:
    """A size of server."""

    vcpus: int
    memory: int
    disk: int


@dataclass(frozen=True)
class Image:
    """An image and the fingerprint that Glance keeps of it."""

    id: str
    name: str
    visibility: str
    status: str
    hash_algorithm: str
    hash_value: str


@dataclass(frozen=True, order=True)
class Assignment:
    """A role that somebody holds on a project; an `inherited` one holds in every project below instead."""

    role: str
    holder: str
    project: str
    inherited: bool = False

    def __str__(self) -> str:
        """The assignment in one short phrase."""
        return f"{self.holder} is {self.role}"


@dataclass(frozen=True, order=True)
class User:
    """An account of Keystone."""

    id: str
    name: str
    domain: str
    enabled: bool


@dataclass(frozen=True, order=True)
class Trust:
    """A right that one user has handed on to another."""

    trustor: str
    trustee: str


@dataclass(frozen=True)
class CloudFacts:
    """Everything that the platform checks look at.

    Attributes:
        quotas: of each audited project, by its id: limits by their plan names.
        actions: of each server of audited projects, by its id.
        flavors: by name.
        scopes: name of each address scope, by its id.
        grants: every role that anybody holds anywhere, on a project, a domain or the system.
        roles: name of each role.
        credentials: how many application credentials each user of the landing zone has, by the user's name.
        server_groups: names, of each audited project, by its id.
        volumes: of audited projects.
        asked_at: Unix time on the auditor's machine when everything was read; 0 where nobody noted it.
    """

    projects: tuple[Project, ...]
    networks: tuple[Network, ...]
    subnets: tuple[Subnet, ...]
    routers: tuple[Router, ...]
    ports: tuple[Port, ...]
    groups: tuple[SecurityGroup, ...]
    floating_ips: tuple[FloatingIp, ...]
    shares: tuple[Share, ...]
    pools: tuple[SubnetPool, ...]
    scopes: Mapping[str, str]
    servers: tuple[Server, ...]
    actions: Mapping[str, tuple[Action, ...]]
    flavors: Mapping[str, Flavor]
    images: tuple[Image, ...]
    assignments: tuple[Assignment, ...]
    grants: tuple[Assignment, ...]
    users: tuple[User, ...]
    roles: frozenset[str]
    trusts: tuple[Trust, ...]
    credentials: Mapping[str, int]
    server_groups: Mapping[str, frozenset[str]]
    quotas: Mapping[str, Mapping[str, int]]
    release: str
    volumes: tuple[Volume, ...] = ()
    asked_at: float = 0.0

    def network(self, network_id: str) -> Network | None:
        """The network of that id; `None` when nobody may see it."""
        return next((network for network in self.networks if network.id == network_id), None)

    def ports_in(self, network_id: str) -> tuple[Port, ...]:
        """Every port in a network."""
        return tuple(port for port in self.ports if port.network == network_id)

    def ports_of(self, device_id: str) -> tuple[Port, ...]:
        """Every port of a server or router."""
        return tuple(port for port in self.ports if port.device == device_id)
