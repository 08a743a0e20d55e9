"""A tenant in the cloud, read through the OpenStack API, against the plan.

Source: GB/T 22239-2019 8.1.2.1, 8.1.3, 8.2.2 to 8.2.5.
"""

from __future__ import annotations

import pytest

from scripts.evidence.cloud.facts import (
    SERVICE_OWNERS,
    Assignment,
    CloudFacts,
    GroupRule,
    Network,
    Port,
    Router,
    SecurityGroup,
    Server,
)
from scripts.evidence.finding import equal, holds, nothing, same
from stacks.plan.model import HostPlan, PlatformPlan, TenantPlan
from stacks.request.fields import Side

UP = "Run `govcloud up` for the tenant, and find out who changed it."
REMOVE = "Find out who made it and why; declare it in the request, or remove it."
DEFAULT_GROUP = "default"


def project(cloud: CloudFacts, tenant: TenantPlan) -> str:
    """Id of the tenant's project."""
    found = [item.id for item in cloud.projects if item.name == tenant.project]
    holds(len(found) == 1, expected=f"one project {tenant.project}", observed=f"{len(found)}", do=UP)
    return found[0]


def networks(cloud: CloudFacts, tenant: TenantPlan) -> dict[str, Network]:
    """The tenant's networks by name; at least one."""
    owner = project(cloud, tenant)
    found = {item.name: item for item in cloud.networks if item.project == owner}
    holds(bool(found), expected="networks", observed="none", do=UP)
    return found


def servers(cloud: CloudFacts, tenant: TenantPlan) -> dict[str, Server]:
    """The tenant's servers by name."""
    owner = project(cloud, tenant)
    return {item.name: item for item in cloud.servers if item.project == owner}


def host_ports(cloud: CloudFacts, tenant: TenantPlan) -> dict[str, tuple[Port, ...]]:
    """The ports of each planned host; every planned host must be there."""
    found = servers(cloud, tenant)
    missing = [host.name for host in tenant.hosts if host.name not in found]
    nothing(missing, expected="every planned host", do=UP)
    return {host.name: cloud.ports_of(found[host.name].id) for host in tenant.hosts}


def groups(cloud: CloudFacts, tenant: TenantPlan) -> list[SecurityGroup]:
    """The tenant's security groups; at least its segments' groups."""
    owner = project(cloud, tenant)
    found = [item for item in cloud.groups if item.project == owner]
    holds(bool(found), expected="security groups", observed="none", do=UP)
    return found


def routers(cloud: CloudFacts, tenant: TenantPlan) -> dict[str, Router]:
    """The tenant's routers by name; at least one."""
    owner = project(cloud, tenant)
    found = {item.name: item for item in cloud.routers if item.project == owner}
    holds(bool(found), expected="routers", observed="none", do=UP)
    return found


@pytest.mark.control("8.2.2.1-b", "8.2.5.1-a")
def test_project(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """The tenant has one enabled project, marked as managed by the landing zone."""
    own = project(cloud, tenant)
    found = next(item for item in cloud.projects if item.id == own)
    equal(found.enabled, True, do=UP)
    nothing(set(tenant.tags) - found.tags, expected=f"tags {', '.join(tenant.tags)}", do=UP)


@pytest.mark.control("8.1.2.1-c", "8.2.2.1-b")
def test_networks_equal_plan(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """The project has the planned networks and no other."""
    same(networks(cloud, tenant), [segment.name for segment in tenant.segments], what="networks", do=REMOVE)


@pytest.mark.control("8.2.2.1-b", "8.1.2.1-d")
def test_networks_not_shared(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """No network of the tenant is shared with others or open to the outside."""
    own = networks(cloud, tenant)
    ids = {item.id: name for name, item in own.items()}
    shared = [name for name, item in own.items() if item.shared or item.external]
    given = [f"{ids[share.object]} to {share.target}" for share in cloud.shares if share.object in ids]
    nothing([*shared, *given], expected="networks of this project alone", do="Remove the RBAC policy.")


@pytest.mark.control("8.2.2.1-b", "8.2.5.1-a")
def test_nothing_shared(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """No object of the tenant is shared with another project."""
    owner = project(cloud, tenant)
    own = {item.id for kind in (cloud.networks, cloud.groups) for item in kind if item.project == owner}
    given = [
        f"{share.kind} {share.object} to {share.target}" for share in cloud.shares if share.object in own
    ]
    taken = [f"{share.kind} {share.object}" for share in cloud.shares if share.target == owner]
    holds(bool(own), expected="networks and security groups", observed="none", do=UP)
    nothing([*given, *taken], expected="no RBAC policy", do="Remove the RBAC policy.")


@pytest.mark.control("8.1.2.1-c")
def test_subnets_equal_plan(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """Subnets have the planned addresses, gateways, pools and routes, out of the pool of their side."""
    own = {item.id: name for name, item in networks(cloud, tenant).items()}
    pools = {pool.id: pool.name for pool in cloud.pools}
    found = {
        (
            own[item.network],
            item.cidr,
            item.gateway,
            item.pools,
            item.routes,
            pools.get(item.subnet_pool or ""),
        )
        for item in cloud.subnets
        if item.network in own
    }
    planned = {
        (
            segment.name,
            segment.cidr,
            segment.gateway if segment.side is Side.EXTERNAL else None,
            frozenset({segment.pool}),
            frozenset(segment.host_routes),
            f"govcloud-{segment.side}",
        )
        for segment in tenant.segments
    }
    same(found, planned, what="subnets", do=REMOVE)


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
    holds(len(ports) >= len(tenant.hosts), expected=f"{len(tenant.hosts)} ports", observed=len(ports), do=UP)


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


@pytest.mark.control("8.2.4.3-b", "8.1.3.1-b")
def test_servers_equal_plan(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """The project runs the planned servers and no other."""
    same(servers(cloud, tenant), [host.name for host in tenant.hosts], what="servers", do=REMOVE)


@pytest.mark.control("8.2.4.3-b")
def test_servers_running(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """Every planned server runs."""
    found = servers(cloud, tenant)
    down = {host.name: found[host.name].status if host.name in found else "missing" for host in tenant.hosts}
    nothing(
        {k: v for k, v in down.items() if v != "ACTIVE"},
        expected="ACTIVE",
        do="Start the server, or `govcloud up`.",
    )


@pytest.mark.control("8.1.2.1-a", "8.2.5.1-a", "8.2.4.4-b")
def test_servers_as_planned(cloud: CloudFacts, tenant: TenantPlan, plan_of_platform: PlatformPlan) -> None:
    """Every server has the planned size and was started from the planned image with the operators' key."""
    images = {item.id for item in cloud.images if item.name == plan_of_platform.platform.cloud.image}
    found = servers(cloud, tenant)
    wrong = [
        f"{host.name}: {found[host.name]}"
        for host in tenant.hosts
        if host.name not in found or not as_planned(found[host.name], host, tenant, images)
    ]
    nothing(wrong, expected="flavor, image and key of the plan", do=UP)


def as_planned(server: Server, host: HostPlan, tenant: TenantPlan, images: set[str]) -> bool:
    """Whether one server is what the plan says."""
    return (server.flavor, server.key) == (f"govcloud-{host.flavor}", tenant.id) and server.image in images


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


@pytest.mark.control("8.1.2.1-a", "8.2.5.1-a")
def test_quotas_equal_plan(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """The tenant cannot take more of the shared cloud than was planned for it."""
    equal(dict(cloud.quotas[project(cloud, tenant)]), tenant.quotas.model_dump(), do=UP)


@pytest.mark.control("8.1.4.2-d", "8.1.5.1-b", "8.2.4.5-b", "8.2.3.3-b")
def test_roles_as_planned(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """Only the department's group and its deployment user hold a role, and it is not the administrator's."""
    owner = project(cloud, tenant)
    found = {item for item in cloud.assignments if item.project == owner}
    planned = {
        Assignment("member", f"group {tenant.id}", owner),
        Assignment("member", f"user {tenant.id}-deployer", owner),
    }
    same(found, planned, what="roles", do="Remove the role assignment; find out who gave it.")


@pytest.mark.control("8.2.3.3-a", "8.2.3.3-b")
def test_actions_recorded(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """The cloud has recorded who made each server, and what was done to it since."""
    for server in servers(cloud, tenant).values():
        actions = cloud.actions.get(server.id, ())
        made = [item for item in actions if item.kind == "create" and item.user and item.start]
        holds(
            len(made) == 1,
            expected=f"one record of the creation of {server.name}, with user and time",
            observed=[item.kind for item in actions],
            do="See that Nova keeps instance actions.",
        )
    equal(set(servers(cloud, tenant)) >= {host.name for host in tenant.hosts}, True, do=UP)
