"""A tenant in the cloud, read through the OpenStack API, against the plan.

Source: GB/T 22239-2019 8.1.2.1, 8.2.2 to 8.2.5.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from scripts.evidence.cloud.facts import (
    Assignment,
    CloudFacts,
    Server,
    Volume,
    Wire,
)
from scripts.evidence.finding import equal, holds, nothing, same
from scripts.evidence.said import said
from stacks.plan.grants import DEPLOYER
from stacks.plan.model import HostPlan, PlatformPlan, TenantPlan
from stacks.request.platform import VOLUME_LIMITS
from tests.audit.tenancy import (
    REMOVE,
    UP,
    networks,
    project,
    servers,
)


@pytest.mark.control("8.2.2.1-b", "8.2.5.1-a")
def test_project(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """The tenant has one enabled project, marked as managed by the landing zone."""
    own = project(cloud, tenant)
    found = next(item for item in cloud.projects if item.id == own)
    equal(found.enabled, True, do=UP)
    nothing(set(tenant.tags) - found.tags, expected=said("tags {names}", names=", ".join(tenant.tags)), do=UP)


@pytest.mark.control("8.1.2.1-c", "8.2.2.1-b")
def test_networks_equal_plan(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """The project has the planned networks and no other."""
    same(networks(cloud, tenant), [segment.name for segment in tenant.segments], what="networks", do=REMOVE)


@pytest.mark.control("8.1.2.1-c", "8.1.2.1-d")
def test_networks_on_planned_wires(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """Dedicated networks lie on their planned VLANs; every other network touches no wire of the building."""
    found = {(name, wire) for name, item in networks(cloud, tenant).items() for wire in item.wires}
    planned = {
        (segment.name, Wire(segment.provider.physical_network, segment.provider.vlan))
        for segment in tenant.segments
        if segment.provider
    }
    same(found, planned, what="wires", do=REMOVE)


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
            segment.default_route,
            frozenset({segment.pool}),
            frozenset(segment.host_routes),
            f"govcloud-{segment.side}",
        )
        for segment in tenant.segments
    }
    same(found, planned, what="subnets", do=REMOVE)


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


@pytest.mark.control("8.1.2.1-a", "8.2.5.1-a", "8.2.4.4-b", "8.1.2.1-c")
def test_servers_as_planned(cloud: CloudFacts, tenant: TenantPlan, plan_of_platform: PlatformPlan) -> None:
    """Every server has the planned size, image and key, and runs where its classification wants it."""
    image = plan_of_platform.platform.cloud.image_in(tenant.placement.availability_zone)
    images = {item.id for item in cloud.images if item.name == image}
    found = servers(cloud, tenant)
    wrong = [
        f"{host.name}: {found[host.name]}"
        for host in tenant.hosts
        if host.name not in found or not as_planned(found[host.name], host, tenant, images)
    ]
    nothing(wrong, expected="flavor, image, key and availability zone of the plan", do=UP)


def as_planned(server: Server, host: HostPlan, tenant: TenantPlan, images: set[str]) -> bool:
    """Whether one server is what the plan says."""
    placed = tenant.placement.availability_zone in (None, server.zone)
    made = (server.flavor, server.key) == (f"govcloud-{host.flavor}", tenant.id)
    return placed and made and server.image in images


@pytest.mark.control("8.2.4.3-b", "8.2.2.1-b")
def test_volumes_equal_plan(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """The project has the planned volumes and no other, each of its size and type, on its host alone."""
    owner, there = project(cloud, tenant), servers(cloud, tenant)
    names = {server.id: name for name, server in there.items()}
    found = {
        (item.name, item.size, *([item.kind] if tenant.placement.volume_type else []), _hosts_of(item, names))
        for item in cloud.volumes
        if item.project == owner
    }
    planned = {
        (volume.name, volume.size, *([volume.type] if volume.type else []), host.name)
        for host in tenant.hosts
        for volume in host.volumes
    }
    same(found, planned, what="volumes", do=REMOVE)


def _hosts_of(volume: Volume, names: Mapping[str, str]) -> str:
    return ", ".join(names.get(server, server) for server in volume.servers)


@pytest.mark.control("8.1.2.1-a", "8.2.5.1-a")
def test_quotas_equal_plan(cloud: CloudFacts, tenant: TenantPlan, plan_of_platform: PlatformPlan) -> None:
    """The tenant cannot take more of the shared cloud than was planned for it."""
    without: set[str] = set() if plan_of_platform.platform.cloud.block_storage else set(VOLUME_LIMITS)
    equal(
        dict(cloud.quotas[project(cloud, tenant)]),
        tenant.quotas.model_dump(exclude=without),
        do=UP,
    )


@pytest.mark.control("8.1.4.2-d", "8.1.5.1-b", "8.2.4.5-b", "8.2.3.3-b")
def test_roles_as_planned(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """Only the department's own groups, as it asked, and its deployment user hold a role."""
    owner = project(cloud, tenant)
    found = {item for item in cloud.assignments if item.project == owner}
    planned = {
        Assignment("member", f"group {tenant.id}", owner),
        Assignment("member", f"user {tenant.id}-deployer", owner),
        Assignment(DEPLOYER, f"user {tenant.id}-deployer", owner),
        *(Assignment(grant.role, f"group {grant.group}", owner) for grant in tenant.own_grants),
    }
    same(found, planned, what="roles", do="Remove the role assignment; find out who gave it.")


@pytest.mark.control("8.2.3.3-a", "8.2.3.3-b")
def test_actions_recorded(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """The cloud has recorded who made each server that there is, and when."""
    for server in servers(cloud, tenant).values():
        actions = cloud.actions.get(server.id, ())
        made = [item for item in actions if item.kind == "create" and item.user and item.start]
        holds(
            len(made) == 1,
            expected=said("one record of the creation of {name}, with user and time", name=server.name),
            observed=[item.kind for item in actions],
            do="See that Nova keeps instance actions.",
        )
    equal(set(servers(cloud, tenant)) >= {host.name for host in tenant.hosts}, True, do=UP)


@pytest.mark.control("8.2.5.1-a", "8.2.4.3-b")
def test_no_undeclared_server_groups(cloud: CloudFacts, tenant: TenantPlan) -> None:
    """No server group steers where the tenant's hosts run: that follows from the classification."""
    found = cloud.server_groups.get(project(cloud, tenant))
    holds(found is not None, expected="the list of server groups", observed="not readable", do=UP)
    nothing(found or (), expected="no server group", do=REMOVE)
