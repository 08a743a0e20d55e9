"""The rules of hosts, from the flows: the one source of security groups and of nftables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network

from stacks.plan.flows import DeclaredFlow, Endpoint
from stacks.plan.model import Direction, Rule
from stacks.request.platform import CoreServices, Platform, Service

ANYWHERE = IPv4Network("0.0.0.0/0")
METADATA = IPv4Network("169.254.169.254/32")
BROADCAST = IPv4Network("255.255.255.255/32")


def only(address: IPv4Address) -> IPv4Network:
    """The network that holds one address."""
    return IPv4Network((int(address), 32))  # a number, because an address would be written and read again


def floor(segment: IPv4Network) -> tuple[Rule, ...]:
    """What a host needs to come up at all: an address by DHCP, its key by the metadata service."""
    return (
        Rule(Direction.EGRESS, "udp", 67, BROADCAST, "DHCP discovery"),
        Rule(Direction.EGRESS, "udp", 67, segment, "DHCP renewal"),
        Rule(Direction.EGRESS, "tcp", 80, METADATA, "instance metadata"),
    )


def core_services(services: CoreServices) -> tuple[Rule, ...]:
    """Packages, time, names and, where there is one, the log collector on the services network."""
    packages, port = only(services.packages_address), services.packages.port or 80
    log = services.log
    collector = (Rule(Direction.EGRESS, "tcp", log.port, only(log.address), "log collector"),) if log else ()
    return (
        Rule(Direction.EGRESS, "tcp", port, packages, "package source"),
        Rule(Direction.EGRESS, "udp", 123, only(services.time), "time"),
        Rule(Direction.EGRESS, "udp", 53, only(services.names), "names"),
        Rule(Direction.EGRESS, "tcp", 53, only(services.names), "names"),
        *collector,
    )


def administration(bastion: IPv4Address) -> tuple[Rule, ...]:
    """SSH from the bastion, and from nowhere else (GB/T 22239 8.1.4.4 c)."""
    return (Rule(Direction.INGRESS, "tcp", 22, only(bastion), "administration through the bastion"),)


def of_segment(
    endpoint: Endpoint,
    platform: Platform,
    flows: Iterable[DeclaredFlow],
    networks: dict[Endpoint, IPv4Network],
) -> tuple[Rule, ...]:
    """Both ends of every agreed flow, as seen from one segment."""
    found: list[Rule] = []
    for flow in flows:
        service = platform.services[flow.service]
        if flow.source == endpoint:
            found += _of_service(Direction.EGRESS, service, networks[flow.target], f"flow {flow}")
        if flow.target == endpoint:
            found += _of_service(Direction.INGRESS, service, networks[flow.source], f"flow {flow}")
    return tuple(found)


def _of_service(direction: Direction, service: Service, remote: IPv4Network, reason: str) -> Iterator[Rule]:
    for first, last in service.spans:
        yield Rule(direction, service.protocol, first, remote, reason, last if last > first else None)


def published(ports: Iterable[int]) -> tuple[Rule, ...]:
    """Ports that a portal opens to citizens."""
    return tuple(
        Rule(Direction.INGRESS, "tcp", port, ANYWHERE, "published to the outside")
        for port in sorted(set(ports))
    )
