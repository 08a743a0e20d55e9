"""Interfaces, routes and listeners against the plan. Sources: GB/T 22239-2019 8.1.2.1, 8.1.3.1, 8.1.4.4."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from scripts.evidence.finding import equal, holds, nothing, same
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.host.network import HostRoute, Listener
from scripts.evidence.said import said
from scripts.evidence.target import Target
from stacks.plan.model import Direction, Plan

METADATA = IPv4Network("169.254.169.254/32")
ANYWHERE = IPv4Network("0.0.0.0/0")
DHCP_CLIENT = 68
PROGRAMS = {22: {"sshd"}, 443: {"nginx"}, 80: {"nginx"}}


def reachable(facts: HostFacts) -> list[Listener]:
    """Listeners that others can reach, apart from the DHCP client of the network service."""
    holds(bool(facts.listeners), expected="listeners", observed="none", do="See that sshd runs.")
    return [
        item
        for item in facts.listeners
        if not item.loopback and (item.protocol, item.port) != ("udp", DHCP_CLIENT)
    ]


def opened_alone(facts: HostFacts, target: Target, protocol: str) -> None:
    """What others can reach by a protocol is what the plan opens."""
    opened = {
        port
        for rule in target.rules
        if rule.direction is Direction.INGRESS and rule.protocol == protocol
        for port in rule.ports
    }
    surplus = [item for item in reachable(facts) if item.protocol == protocol and item.port not in opened]
    nothing(
        surplus,
        expected=said("listeners on {ports} only", ports=sorted(opened)),
        do="Stop the service or bind it to loopback.",
    )


@pytest.mark.control("8.1.2.1-d", "8.1.3.1-a")
def test_one_foot(facts: HostFacts) -> None:
    """The host has one network interface with one address: it cannot stand on two sides."""
    found = [f"{link.name} {address}" for link in facts.interfaces for address in link.addresses]
    holds(
        len(facts.interfaces) == 1 and len(found) == 1,
        expected="one interface with one address",
        observed=[*found, *(link.name for link in facts.interfaces if not link.addresses)],
        do="Detach what the plan does not know.",
    )


@pytest.mark.control("8.1.2.1-c")
def test_address_as_planned(facts: HostFacts, target: Target) -> None:
    """The host has the address that the plan gave it."""
    addresses = [str(address) for link in facts.interfaces for address in link.addresses]
    equal(addresses, [f"{target.address}/{target.network.prefixlen}"], do="Run `govcloud up` for the tenant.")


@pytest.mark.control("8.1.2.1-c", "8.1.4.3-b")
def test_name_as_planned(facts: HostFacts, target: Target) -> None:
    """The host calls itself what the plan calls it, so that its log entries can be told apart."""
    equal(facts.raw("hostname").strip(), target.hostname, do="hostnamectl set-hostname.")


@pytest.mark.control("8.1.2.1-d", "8.1.3.1-a", "8.1.3.1-c")
def test_default_route(facts: HostFacts, target: Target) -> None:
    """Only hosts outside the internal side have a default route, and it leads to the planned gateway."""
    holds(bool(facts.routes), expected="routes", observed="none", do="See that the network is configured.")
    found = [str(route.gateway) for route in facts.routes if route.destination == ANYWHERE]
    equal(found, [str(target.gateway)] if target.gateway else [], do="Remove the route; find out who set it.")


@pytest.mark.control("8.1.2.1-d", "8.1.3.2-b")
def test_routes_as_planned(facts: HostFacts, target: Target) -> None:
    """The host knows the planned ways and no other."""
    planned = {HostRoute(route.destination, route.next_hop) for route in target.routes}
    planned.add(HostRoute(target.network, None))
    found = [
        route
        for route in facts.routes
        if route in planned or (route.destination != ANYWHERE and not to_neighbour(route, target))
    ]
    same(found, planned, what="routes", do="Compare the subnet's routes.")


def to_neighbour(route: HostRoute, target: Target) -> bool:
    """A way that the DHCP client adds: to a neighbour, to metadata, to a core service by the own gateway."""
    if route.destination.prefixlen != 32:
        return False
    services = {rule.remote for rule in target.rules if rule.direction is Direction.EGRESS}
    by_gateway = route.destination in services and route.gateway == target.network[1]
    return route.gateway is None or route.destination == METADATA or by_gateway


@pytest.mark.control("8.1.3.1-a", "8.1.3.1-c")
def test_no_ipv6_way_out(facts: HostFacts) -> None:
    """The host has no IPv6 address or route beyond its own link."""
    addresses = [str(address) for link in facts.interfaces for address in link.addresses6]
    gateways = [line for line in facts.raw("routes6").split("}") if '"gateway"' in line]
    nothing(
        [*addresses, *gateways],
        expected="no global IPv6 address and no IPv6 gateway",
        do="Set accept_ra to 0.",
    )


@pytest.mark.control("8.1.2.1-c")
def test_resolvers_as_planned(facts: HostFacts, plan: Plan) -> None:
    """Names are asked of the planned server only."""
    equal(
        facts.resolvers,
        {str(plan.platform.platform.core_services.names)},
        do="Compare the subnet's DNS servers.",
    )


@pytest.mark.control("8.1.4.4-b", "8.1.3.2-b")
def test_tcp_listeners_as_planned(facts: HostFacts, target: Target) -> None:
    """No TCP service listens on the network that the plan does not open."""
    opened_alone(facts, target, "tcp")


@pytest.mark.control("8.1.4.4-b")
def test_udp_listeners_as_planned(facts: HostFacts, target: Target) -> None:
    """No UDP service listens on the network that the plan does not open."""
    opened_alone(facts, target, "udp")


@pytest.mark.control("8.1.4.4-b", "8.1.4.4-a")
def test_listeners_are_the_expected_programs(facts: HostFacts) -> None:
    """Behind each open port is the program that belongs there."""
    wrong = [item for item in reachable(facts) if item.process not in PROGRAMS.get(item.port, {item.process})]
    unknown = [item for item in reachable(facts) if not item.process]
    nothing([*wrong, *unknown], expected="sshd on 22, nginx on 80 and 443", do="Find out what listens there.")


@pytest.mark.control("8.1.4.4-c", "8.1.3.1-a", "8.1.5.4-a")
def test_administration_from_bastion_only(facts: HostFacts, target: Target, plan: Plan) -> None:
    """SSH is open to the bastion alone; on the bastion, to the operators' networks alone."""
    management = plan.platform.management
    allowed = set(management.operators) if target.is_bastion else {IPv4Network((management.bastion, 32))}
    found = {
        item.remote
        for item in facts.ruleset.openings
        if item.direction is Direction.INGRESS and 22 in item.ports
    }
    equal(found, allowed, do="Run `govcloud deploy`; find out who opened SSH.")
