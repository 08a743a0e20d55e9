"""What is shared by all tenants, read through the OpenStack API, against the plan.

Source: GB/T 22239-2019 8.1.2.1, 8.1.3.1, 8.1.5.4, 8.2.2 to 8.2.5.
"""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from scripts.evidence.cloud.facts import SERVICE_OWNERS, CloudFacts, GroupRule, Network
from scripts.evidence.finding import equal, holds, nothing, same, within
from scripts.evidence.said import said
from stacks.plan.grants import AUDITOR, AUDITOR_ACCOUNT, DEPLOYER
from stacks.plan.model import Plan

REMOVE = "Find out who made it and why; declare it, or remove it."
UP = "Run `govcloud up`, and find out who changed it."
BASTION = "govcloud-bastion"
MANAGEMENT = "govcloud-management"
ROLES = frozenset({"admin", "manager", "member", "reader", "service", AUDITOR, DEPLOYER})
"""Keystone's defaults, and the landing zone's own."""


def managed(cloud: CloudFacts, name: str) -> Network:
    """One network of the platform."""
    found = [item for item in cloud.networks if item.name == name]
    holds(len(found) == 1, expected=said("one network {name}", name=name), observed=len(found), do=UP)
    return found[0]


def sides(cloud: CloudFacts, plan: Plan) -> dict[str, set[str]]:
    """The side or sides of each router, by the addresses of its legs."""
    ranges = {side.side.value: (*side.space, side.backbone) for side in plan.platform.sides}
    holds(bool(cloud.routers), expected="routers", observed="none", do=UP)
    return {
        router.name or router.id: {
            name
            for name, networks in ranges.items()
            for port in cloud.ports_of(router.id)
            for address in port.addresses
            if any(address in network for network in networks)
        }
        for router in cloud.routers
    }


@pytest.mark.control("8.1.2.1-d", "8.1.3.1-a", "8.2.3.1-b")
def test_no_router_joins_two_sides(cloud: CloudFacts, plan: Plan) -> None:
    """No router of the whole cloud stands on both sides."""
    both = [name for name, found in sides(cloud, plan).items() if len(found) > 1]
    nothing(both, expected="every router on one side", do=REMOVE)


@pytest.mark.control("8.1.2.1-d", "8.1.3.1-a")
def test_no_internal_router_leads_outside(cloud: CloudFacts, plan: Plan) -> None:
    """No router of the internal side has a leg to the outside."""
    inside = {name for name, found in sides(cloud, plan).items() if "internal" in found}
    found = [
        router.name for router in cloud.routers if (router.name or router.id) in inside and router.external
    ]
    nothing(found, expected="no external gateway", do=REMOVE)


@pytest.mark.control("8.1.2.1-d", "8.2.4.3-a")
def test_no_server_on_two_sides(cloud: CloudFacts, plan: Plan) -> None:
    """No server of the whole cloud has a foot on both sides."""
    found: dict[str, set[str]] = {}
    for port in cloud.ports:
        for side in plan.platform.sides:
            if port.of_server and any(address in space for space in side.space for address in port.addresses):
                found.setdefault(port.device, set()).add(side.side.value)
    names = {server.id: server.name for server in cloud.servers}
    holds(bool(found), expected="servers", observed="none", do=UP)
    nothing(
        [names.get(key, key) for key, value in found.items() if len(value) > 1],
        expected="one side",
        do=REMOVE,
    )


@pytest.mark.control("8.2.4.3-b", "8.1.3.1-b", "8.2.2.1-b")
def test_no_stranger_in_planned_addresses(cloud: CloudFacts, plan: Plan) -> None:
    """No project that the plan does not know has an address out of the two sides' pools."""
    known = {tenant.project for tenant in plan.tenants}
    names = {project.id: project.name for project in cloud.projects}
    home = managed(cloud, MANAGEMENT).project
    strangers = {
        f"{names.get(port.project, port.project) or 'no project'}: {address}"
        for port in cloud.ports
        for address in port.addresses
        if any(address in space for side in plan.platform.sides for space in side.space)
        and names.get(port.project) not in known
        and port.project != home
        and not port.owner.startswith(SERVICE_OWNERS)
    }
    nothing(strangers, expected="only planned tenants", do=REMOVE)


@pytest.mark.control("8.1.2.1-c")
def test_pools_and_scopes(cloud: CloudFacts, plan: Plan) -> None:
    """Each side has its own address scope and its own pool, with the planned ranges."""
    found = {(pool.name, cloud.scopes.get(pool.scope or ""), pool.prefixes) for pool in cloud.pools}
    planned = {
        (f"govcloud-{side.side}", side.scope, frozenset({*side.space, side.backbone}))
        for side in plan.platform.sides
    }
    missing = planned - found
    nothing(missing, expected="the planned pools and scopes", do=UP)


@pytest.mark.control("8.2.2.1-b", "8.1.3.2-b")
def test_no_undeclared_shares(cloud: CloudFacts, plan: Plan) -> None:
    """Nothing is shared between projects but the address pools, and the way to the outside."""
    pools = {
        pool.id
        for pool in cloud.pools
        if pool.name in {f"govcloud-{side.side}" for side in plan.platform.sides}
    }
    scopes = {
        key for key, name in cloud.scopes.items() if name in {side.scope for side in plan.platform.sides}
    }
    external = {
        item.id for item in cloud.networks if item.name == plan.platform.platform.cloud.external_network
    }
    allowed = {"subnetpool": pools, "address_scope": scopes}
    surplus = [
        f"{share.kind} {share.object} ({share.action}) to {share.target}"
        for share in cloud.shares
        if share.object not in allowed.get(share.kind, set())
        and not (share.action == "access_as_external" and share.object in external)
    ]
    holds(bool(cloud.shares), expected="RBAC policies", observed="none were readable", do=UP)
    nothing(surplus, expected="no further RBAC policy", do="Remove the RBAC policy; find out who made it.")


@pytest.mark.control("8.1.5.4-a", "8.2.5.1-b")
def test_management_network_closed(cloud: CloudFacts) -> None:
    """The management network joins the bastion and routers, and nothing else."""
    network = managed(cloud, MANAGEMENT)
    bastions = {server.id for server in cloud.servers if server.name == BASTION}
    ports = cloud.ports_in(network.id)
    strangers = [
        f"{port.name or port.id} ({port.owner or 'no owner'})"
        for port in ports
        if not port.of_router and port.device not in bastions and not port.owner.startswith(SERVICE_OWNERS)
    ]
    holds(any(port.device in bastions for port in ports), expected="the bastion", observed="none", do=UP)
    nothing(strangers, expected="the bastion and routers only", do=REMOVE)


@pytest.mark.control("8.1.5.4-a", "8.1.2.1-d")
def test_management_legs_as_planned(cloud: CloudFacts, plan: Plan) -> None:
    """Routers stand in the management network with the planned addresses only."""
    network = managed(cloud, MANAGEMENT)
    found = {address for port in cloud.ports_in(network.id) if port.of_router for address in port.addresses}
    planned = {router.management for tenant in plan.tenants for router in tenant.routers}
    same(found, planned | {plan.platform.management.gateway}, what="router addresses", do=REMOVE)


@pytest.mark.control("8.1.2.1-c", "8.1.2.1-d")
def test_vlans_as_planned(cloud: CloudFacts, plan: Plan) -> None:
    """On the wire of dedicated networks lie the planned segments, each in its own project, and no other."""
    offered = plan.platform.platform.dedicated_networks
    names = {project.id: project.name for project in cloud.projects}
    holds(bool(cloud.networks), expected="networks", observed="none", do=UP)
    found = {
        (names.get(network.project, network.project), network.name, wire.vlan)
        for network in cloud.networks
        for wire in network.wires
        if offered and wire.physical_network == offered.physical_network
    }
    planned = {
        (tenant.project, segment.name, segment.provider.vlan)
        for tenant in plan.tenants
        for segment in tenant.segments
        if segment.provider
    }
    same(found, planned, what="VLANs", do=REMOVE)


@pytest.mark.control("8.1.2.1-d", "8.1.3.1-b")
def test_backbones_join_routers_only(cloud: CloudFacts, plan: Plan) -> None:
    """On each side's backbone stand the routers of declared flows and nothing else."""
    found: set[IPv4Address] = set()
    strangers = []
    for side in plan.platform.sides:
        network = managed(cloud, f"govcloud-{side.side}-backbone")
        for port in cloud.ports_in(network.id):
            if port.of_router:
                found |= port.addresses
            elif not port.owner.startswith(SERVICE_OWNERS):
                strangers.append(port.name or port.id)
    planned = {router.backbone for tenant in plan.tenants for router in tenant.routers if router.backbone}
    nothing(strangers, expected="routers only", do=REMOVE)
    same(found, planned, what="router addresses", do=REMOVE)


@pytest.mark.control("8.1.2.1-d", "8.1.3.2-a")
def test_platform_routes_as_planned(cloud: CloudFacts, plan: Plan) -> None:
    """The platform's router knows the way to every planned segment and to nothing else."""
    found = [router for router in cloud.routers if router.name == MANAGEMENT]
    equal(len(found), 1, do=UP)
    same(found[0].routes, plan.platform.tenant_routes, what="routes", do=UP)


@pytest.mark.control("8.1.3.2-a", "8.1.3.2-b", "8.1.4.4-c")
def test_bastion_rules_as_planned(cloud: CloudFacts, plan: Plan) -> None:
    """The bastion's security group has exactly the planned rules, and is its only group."""
    planned = plan.platform.management.bastion_security_group
    server = next((item for item in cloud.servers if item.name == BASTION), None)
    ports = cloud.ports_of(server.id) if server else ()
    used = {group for port in ports for group in port.groups}
    found = [group for group in cloud.groups if group.id in used]
    equal([group.name for group in found], [planned.name], do=UP)
    same(
        map(str, found[0].rules), (str(GroupRule.of(rule)) for rule in planned.rules), what="rules", do=REMOVE
    )


@pytest.mark.control("8.1.5.4-a", "8.1.3.1-a", "8.1.2.1-d")
def test_bastion_has_one_foot(cloud: CloudFacts, plan: Plan) -> None:
    """The bastion has one port, with the planned address, and port security."""
    server = next((item for item in cloud.servers if item.name == BASTION), None)
    ports = cloud.ports_of(server.id) if server else ()
    addresses = [str(address) for port in ports for address in port.addresses]
    equal(addresses, [str(plan.platform.management.bastion)], do=REMOVE)
    nothing(
        [port.id for port in ports if not port.security or port.extra_addresses],
        expected="port security",
        do=UP,
    )


@pytest.mark.control("8.1.3.1-a")
def test_no_undeclared_way_in(cloud: CloudFacts, plan: Plan) -> None:
    """Floating IPs lead to the bastion and to published hosts, and nowhere else."""
    planned = {host.address for tenant in plan.tenants for host in tenant.hosts if host.published}
    planned.add(plan.platform.management.bastion)
    found = {item.fixed_address for item in cloud.floating_ips if item.port}
    same(map(str, found), map(str, planned), what="floating IPs", do=REMOVE)


@pytest.mark.control("8.2.4.4-b", "8.2.4.4-a")
def test_image_fingerprint(cloud: CloudFacts, plan: Plan) -> None:
    """Each image of hosts is the only one of its name, with a strong fingerprint: the planned one, if any."""
    sizes = {"sha256": 64, "sha512": 128}
    shared = plan.platform.platform.cloud
    within(shared.image_checksums or shared.images, shared.images, what="images", do="Correct platform.yaml.")
    for name in sorted(shared.images):
        found = [item for item in cloud.images if item.name == name]
        equal(len(found), 1, do=said("Remove the other images of the name {name}.", name=name))
        image = found[0]
        strong = len(image.hash_value) == sizes.get(image.hash_algorithm)
        holds(
            strong and image.status == "active",
            expected="active, with a SHA-2 hash",
            observed=image,
            do="Upload it anew.",
        )
        if name in shared.image_checksums:
            equal(
                (image.hash_algorithm, image.hash_value),
                ("sha512", shared.image_checksums[name]),
                do="Find out who replaced the image; upload the one that was approved.",
            )


@pytest.mark.control("8.2.4.4-c")
def test_no_shared_snapshots(cloud: CloudFacts, plan: Plan) -> None:
    """No image but the planned ones can be read by other projects."""
    planned = plan.platform.platform.cloud.images
    holds(bool(cloud.images), expected="images", observed="none", do=UP)
    open_images = [
        item.name
        for item in cloud.images
        if item.visibility in ("public", "community", "shared") and item.name not in planned
    ]
    nothing(open_images, expected="only the planned images", do="Set its visibility to private.")


@pytest.mark.control("8.1.2.1-a", "8.2.5.1-a")
def test_flavors_as_planned(cloud: CloudFacts, plan: Plan) -> None:
    """The sizes of hosts are the planned ones."""
    found = {
        name.removeprefix("govcloud-"): (item.vcpus, item.memory, item.disk)
        for name, item in cloud.flavors.items()
        if name.startswith("govcloud-")
    }
    planned = {
        name: (item.vcpus, item.memory, item.disk) for name, item in plan.platform.platform.flavors.items()
    }
    equal(found, planned, do=UP)


@pytest.mark.control("8.2.2.1-b", "8.2.5.1-a")
def test_projects_as_planned(cloud: CloudFacts, plan: Plan) -> None:
    """Every project that is marked as managed is planned, and stands below the planned one."""
    names = {item.id: item.name for item in cloud.projects}
    nodes = {node.tenant: node.name for node in plan.platform.nodes}
    marked = {
        (item.name, names.get(item.parent, ""))
        for item in cloud.projects
        if "managed-by=govcloud" in item.tags
    }
    planned = {
        *((tenant.project, nodes[tenant.lineage[-1]] if tenant.lineage else "") for tenant in plan.tenants),
        *((node.name, nodes.get(node.above or "", "")) for node in plan.platform.nodes),
    }
    same(marked, planned, what="managed projects", do=REMOVE)


@pytest.mark.control("8.1.4.2-d", "8.2.4.5-b", "8.1.5.1-b")
def test_supervision_as_planned(cloud: CloudFacts, plan: Plan) -> None:
    """Who reads in the tenants below is who the requests of those above name, and nobody else is let in."""
    names = {item.id: item.name for item in cloud.projects}
    nodes = {node.name for node in plan.platform.nodes}
    managed = nodes | {tenant.project for tenant in plan.tenants}
    found = {
        (item.holder, item.role, names[item.project], item.inherited)
        for item in cloud.assignments
        if names.get(item.project) in (managed if item.inherited else nodes)
    }
    planned = {
        (f"group {grant.group}", grant.role, str(tenant.node), True)
        for tenant in plan.tenants
        for grant in tenant.supervision
    }
    holds(bool(cloud.assignments), expected="role assignments", observed="none were readable", do=UP)
    same(found, planned, what="roles over others", do="Remove the role assignment; find out who gave it.")


@pytest.mark.control("8.1.4.2-d", "8.2.4.5-b", "8.1.5.1-b")
def test_no_administrator_in_tenants(cloud: CloudFacts, plan: Plan) -> None:
    """Nobody holds the administrator's role on a tenant's project."""
    names = {item.id: item.name for item in cloud.projects}
    planned = {tenant.project for tenant in plan.tenants}
    leading = {
        (f"group {grant.group}", tenant.project)
        for tenant in plan.tenants
        for grant in tenant.own_grants
        if grant.role == "manager"
    }
    holds(bool(cloud.assignments), expected="role assignments", observed="none were readable", do=UP)
    found = [
        f"{item.holder} on {names[item.project]}"
        for item in cloud.assignments
        if names.get(item.project) in planned
        and (
            item.role == "admin"
            or (item.role == "manager" and (item.holder, names[item.project]) not in leading)
        )
    ]
    nothing(found, expected="no administrator", do="Remove the role assignment.")


@pytest.mark.control("8.1.4.2-d", "8.1.4.2-c", "8.2.4.5-b")
def test_no_trusts(cloud: CloudFacts) -> None:
    """Nobody has handed rights on to somebody else."""
    names = {user.id: user.name for user in cloud.users}
    holds(bool(cloud.users), expected="users", observed="none were readable", do=UP)
    nothing(
        [f"{names.get(t.trustor, t.trustor)} to {names.get(t.trustee, t.trustee)}" for t in cloud.trusts],
        expected="no trust",
        do="Remove the trust; find out what it was for.",
    )


@pytest.mark.control("8.1.4.1-a", "8.1.4.2-c")
def test_no_application_credentials(cloud: CloudFacts, plan: Plan) -> None:
    """The landing zone's own accounts have no second password."""
    planned = {f"{tenant.id}-deployer" for tenant in plan.tenants} | {AUDITOR_ACCOUNT}
    same(cloud.credentials, planned, what="accounts that were looked at", do=UP)
    nothing(
        [name for name, count in cloud.credentials.items() if count],
        expected="no application credential",
        do="Remove the credential; find out who made it.",
    )


@pytest.mark.control("8.1.4.2-c", "8.1.4.2-b")
def test_deployment_users_as_planned(cloud: CloudFacts, plan: Plan) -> None:
    """There is one enabled deployment user for each planned tenant, and none that is left over."""
    found = {user.name for user in cloud.users if user.name.endswith("-deployer") and user.enabled}
    same(found, {f"{tenant.id}-deployer" for tenant in plan.tenants}, what="deployment users", do=REMOVE)


@pytest.mark.control("8.1.5.2-a", "8.1.4.2-d")
def test_one_auditor(cloud: CloudFacts) -> None:
    """The role that reads everything is held by the auditor's account, on the domain, and by nobody else."""
    found = {(item.holder, item.project) for item in cloud.grants if item.role == AUDITOR}
    same(found, {(f"user {AUDITOR_ACCOUNT}", "domain")}, what="auditors", do="Remove the role assignment.")


@pytest.mark.control("8.1.5.2-a", "8.1.4.2-d")
def test_auditor_only_reads(cloud: CloudFacts) -> None:
    """The auditor's account holds no other role anywhere."""
    found = {item.role for item in cloud.grants if item.holder == f"user {AUDITOR_ACCOUNT}"}
    equal(found, {AUDITOR}, do="Remove the role assignment; find out who gave it.")


@pytest.mark.control("8.1.4.2-d", "8.1.5.1-b")
def test_builders_as_planned(cloud: CloudFacts, plan: Plan) -> None:
    """The role that builds is held by each tenant's deployment user in its own project, and by no other."""
    names = {item.id: item.name for item in cloud.projects}
    found = {
        (item.holder, names.get(item.project, item.project)) for item in cloud.grants if item.role == DEPLOYER
    }
    planned = {(f"user {tenant.id}-deployer", tenant.project) for tenant in plan.tenants}
    same(found, planned, what="builders", do="Remove the role assignment; find out who gave it.")


@pytest.mark.control("8.1.4.2-d", "8.1.5.1-b")
def test_no_groups_hold_admin(cloud: CloudFacts) -> None:
    """The administrator's role is held by single users, each of whom can be named, and by no group."""
    holders = {item.holder for item in cloud.grants if item.role == "admin"}
    holds(bool(holders), expected="an administrator", observed="none was readable", do=UP)
    nothing([name for name in holders if name.startswith("group ")], expected="no group", do=REMOVE)


@pytest.mark.control("8.1.4.2-c")
def test_no_disabled_holders(cloud: CloudFacts) -> None:
    """No account that was closed still holds a role."""
    closed = {f"user {user.name}" for user in cloud.users if not user.enabled}
    holds(bool(cloud.grants), expected="role assignments", observed="none were readable", do=UP)
    nothing(
        {item.holder for item in cloud.grants} & closed,
        expected="none",
        do="Remove the role assignments of closed accounts.",
    )


@pytest.mark.control("8.1.4.2-d", "8.1.4.2-e")
def test_roles_known(cloud: CloudFacts) -> None:
    """Keystone has the roles that OpenStack's defaults and the landing zone name, and no others."""
    holds(
        {AUDITOR, DEPLOYER} <= cloud.roles, expected="the landing zone's roles", observed=cloud.roles, do=UP
    )
    nothing(cloud.roles - ROLES, expected="no further role", do="Find out what the role is for; remove it.")


@pytest.mark.control("8.2.2.1-b", "8.1.3.2-b")
def test_auditors_project_empty(cloud: CloudFacts) -> None:
    """Nothing runs in the project by which the auditor enters."""
    found = [item.id for item in cloud.projects if item.name == AUDITOR_ACCOUNT]
    equal(len(found), 1, do=UP)
    kinds = (cloud.networks, cloud.routers, cloud.servers, cloud.ports, cloud.floating_ips)
    nothing(
        [str(item) for kind in kinds for item in kind if item.project == found[0]],
        expected="nothing",
        do=REMOVE,
    )


@pytest.mark.control("8.1.2.1-d", "8.1.3.1-a")
def test_no_trunk_like_ports(cloud: CloudFacts) -> None:
    """No server of the landing zone has more than one port: none can stand in two networks."""
    seen: dict[str, int] = {}
    for port in cloud.ports:
        if port.of_server:
            seen[port.device] = seen.get(port.device, 0) + 1
    names = {server.id: server.name for server in cloud.servers}
    holds(bool(seen), expected="ports of servers", observed="none were readable", do=UP)
    nothing(
        [names.get(key, key) for key, count in seen.items() if count > 1], expected="one port each", do=REMOVE
    )
