"""The borders of a tenant, read through the OpenStack API: routers, security groups, ports, ways in.

Source: GB/T 22239-2019 8.1.2.1, 8.1.3, 8.2.3, 8.2.4.
"""

from __future__ import annotations

import pytest

from scripts.evidence.cloud.facts import (
    SERVICE_OWNERS,
    CloudFacts,
    GroupRule,
)
from scripts.evidence.finding import equal, holds, nothing, same
from scripts.evidence.said import said
from stacks.plan.model import TenantPlan
from tests.audit.tenancy import (
    DEFAULT_GROUP,
    REMOVE,
    UP,
    groups,
    host_ports,
    networks,
    project,
    routers,
    servers,
)


@pytest.mark.control("8.1.2.1-d", "8.1.3.1-a")
def test_routers_equal_plan(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """The project has the planned routers and no other; only planned ones lead outside."""
    external = {item.id for item in cloud.networks if item.external}
    found = {(name, item.external in external) for name, item in routers(cloud, tenant).items()}
    same(
        found,
        {(router.name, router.external_gateway) for router in tenant.routers},
        what="routers",
        do=REMOVE,
    )


@pytest.mark.control("8.1.2.1-d", "8.2.2.1-b")
def test_router_legs_equal_plan(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """Every router stands in the planned networks only, with the planned addresses."""
    own = routers(cloud, tenant)
    found = {
        (name, address)
        for name, item in own.items()
        for port in cloud.ports_of(item.id)
        if port.network != item.external
        for address in port.addresses
    }
    planned = {
        (router.name, address)
        for router in tenant.routers
        for address in (
            *(tenant.segment(key).gateway for key in router.segments),
            router.management,
            *([router.backbone] if router.backbone else []),
        )
    }
    same(found, planned, what="router addresses", do=REMOVE)


@pytest.mark.control("8.1.2.1-d", "8.1.3.2-a", "8.2.3.1-b")
def test_router_routes_equal_plan(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """Every router knows the ways of declared flows and no other."""
    found = {(name, route) for name, item in routers(cloud, tenant).items() for route in item.routes}
    planned = {(router.name, route) for router in tenant.routers for route in router.routes}
    same(found, planned, what="routes", do=REMOVE)


@pytest.mark.control("8.1.3.2-a", "8.2.3.1-a", "8.2.2.1-d")
def test_security_groups_equal_plan(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """The project has the planned security groups and no other; nothing uses Neutron's default group."""
    found = {item.name for item in groups(cloud, tenant)} - {DEFAULT_GROUP}
    planned = [
        *(segment.security_group.name for segment in tenant.segments),
        *(g.name for g in tenant.publications),
    ]
    same(found, planned, what="security groups", do=REMOVE)
    unused = {item.id for item in groups(cloud, tenant) if item.name == DEFAULT_GROUP}
    # Neutron applies no group to a router's port, whatever stands there.
    users = [port.name or port.id for port in cloud.ports if port.groups & unused and not port.of_router]
    nothing(users, expected="no port in the default group", do="Give the port its planned groups.")


@pytest.mark.control("8.1.3.2-a", "8.1.3.2-b", "8.1.3.2-c", "8.2.3.1-a", "8.2.4.2-b")
def test_rules_equal_plan(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """Every security group has exactly the planned rules: none is missing and none is surplus."""
    plans = [*(segment.security_group for segment in tenant.segments), *tenant.publications]
    planned = {(group.name, GroupRule.of(rule)) for group in plans for rule in group.rules}
    own = [item for item in groups(cloud, tenant) if item.name != DEFAULT_GROUP]
    found = {(item.name, rule) for item in own for rule in item.rules}
    same(readable(found), readable(planned), what="rules", do=REMOVE)


def readable(rules: set[tuple[str, GroupRule]]) -> set[str]:
    """Each rule in one short phrase."""
    return {f"{name}: {rule}" for name, rule in rules}


@pytest.mark.control("8.1.3.2-d")
def test_groups_stateful(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """Security groups keep the state of connections."""
    nothing(
        [item.name for item in groups(cloud, tenant) if not item.stateful], expected="stateful groups", do=UP
    )


@pytest.mark.control("8.1.3.1-b", "8.2.4.3-a")
def test_port_security_on(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """No host can send from an address or with a hardware address that is not its own."""
    own = networks(cloud, tenant)
    nothing([name for name, item in own.items() if not item.port_security], expected="port security", do=UP)
    ports = [port for item in own.values() for port in cloud.ports_in(item.id) if port.of_server]
    loose = [port.name or port.id for port in ports if not port.security or port.extra_addresses]
    nothing(loose, expected="port security on every port, no further addresses", do=UP)
    holds(
        len(ports) >= len(tenant.hosts),
        expected=said("{count} ports", count=len(tenant.hosts)),
        observed=len(ports),
        do=UP,
    )


@pytest.mark.control("8.1.3.1-b", "8.2.4.3-b")
def test_no_unknown_ports(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """Only planned hosts, routers and Neutron's own services are joined to the tenant's networks."""
    known = {item.id for item in servers(cloud, tenant).values()}
    known |= {item.id for item in routers(cloud, tenant).values()}
    unknown = [
        f"{port.name or port.id} ({port.owner or 'no owner'})"
        for item in networks(cloud, tenant).values()
        for port in cloud.ports_in(item.id)
        if port.device not in known and not port.owner.startswith(SERVICE_OWNERS)
    ]
    nothing(unknown, expected="no further port", do=REMOVE)


@pytest.mark.control("8.1.3.2-a", "8.2.4.2-a", "8.2.4.2-b")
def test_hosts_in_planned_groups(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """Every host's port is in exactly the planned security groups, which follow it wherever it runs."""
    names = {item.id: item.name for item in cloud.groups}
    found = {
        (host, frozenset(names.get(group, group) for group in port.groups))
        for host, ports in host_ports(cloud, tenant).items()
        for port in ports
    }
    planned = {(host.name, frozenset(tenant.security_groups(host))) for host in tenant.hosts}
    same(found, planned, what="memberships", do=UP)


@pytest.mark.control("8.1.2.1-d", "8.1.3.1-a")
def test_one_foot(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """Every host has one port, with the planned address, in the network of its segment."""
    names = {item.id: item.name for item in cloud.networks}
    found = {
        (host, names.get(port.network, port.network), address)
        for host, ports in host_ports(cloud, tenant).items()
        for port in ports
        for address in port.addresses
    }
    planned = {(host.name, tenant.segment(host.segment).name, host.address) for host in tenant.hosts}
    same(found, planned, what="ports", do=REMOVE)


@pytest.mark.control("8.1.3.1-a", "8.1.2.1-d")
def test_floating_ips_only_for_published_hosts(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """Exactly the published hosts have an address on the outside."""
    owner = project(cloud, tenant)
    found = [item.fixed_address for item in cloud.floating_ips if item.project == owner]
    planned = [host.address for host in tenant.hosts if host.published]
    equal(sorted(map(str, found)), sorted(map(str, planned)), do=REMOVE)
