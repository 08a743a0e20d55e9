"""The rules of hosts, from the flows: the one source of security groups and of nftables."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network

from stacks.plan.flows import DeclaredFlow, Endpoint
from stacks.plan.model import Direction, Rule
from stacks.request.platform import CoreServices, Platform

ANYWHERE = IPv4Network("0.0.0.0/0")
METADATA = IPv4Network("169.254.169.254/32")
BROADCAST = IPv4Network("255.255.255.255/32")


def only(address: IPv4Address) -> IPv4Network:
    """The network that holds one address."""
    return IPv4Network((address, 32))


def floor(segment: IPv4Network) -> tuple[Rule, ...]:
    """What a host needs to come up at all: an address by DHCP, its key by the metadata service."""
    return (
        Rule(Direction.EGRESS, "udp", 67, BROADCAST, "DHCP discovery"),
        Rule(Direction.EGRESS, "udp", 67, segment, "DHCP renewal"),
        Rule(Direction.EGRESS, "tcp", 80, METADATA, "instance metadata"),
    )


def core_services(services: CoreServices) -> tuple[Rule, ...]:
    """Packages, time and names on the services network."""
    packages = IPv4Address(str(services.packages.host))
    return (
        Rule(Direction.EGRESS, "tcp", services.packages.port or 80, only(packages), "package source"),
        Rule(Direction.EGRESS, "udp", 123, only(services.time), "time"),
        Rule(Direction.EGRESS, "udp", 53, only(services.names), "names"),
        Rule(Direction.EGRESS, "tcp", 53, only(services.names), "names"),
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
    found = []
    for flow in flows:
        service = platform.services[flow.service]
        if flow.source == endpoint:
            remote = networks[flow.target]
            found.append(Rule(Direction.EGRESS, service.protocol, service.port, remote, f"flow {flow}"))
        if flow.target == endpoint:
            remote = networks[flow.source]
            found.append(Rule(Direction.INGRESS, service.protocol, service.port, remote, f"flow {flow}"))
    return tuple(found)


def published(ports: Iterable[int]) -> tuple[Rule, ...]:
    """Ports that a portal opens to citizens."""
    return tuple(
        Rule(Direction.INGRESS, "tcp", port, ANYWHERE, "published to the outside")
        for port in sorted(set(ports))
    )
