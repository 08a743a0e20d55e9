"""Every check of the cloud passes on the planned one, and fails when anything in it differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from scripts.evidence.cloud.facts import (
    Assignment,
    CloudFacts,
    FloatingIp,
    GroupRule,
    Image,
    Network,
    Port,
    Project,
    Router,
    Server,
    Share,
    Trust,
    User,
    Volume,
    Wire,
)
from scripts.evidence.finding import Finding
from stacks.plan.dedicated import ProviderSegment
from stacks.plan.grants import AUDITOR, AUDITOR_ACCOUNT, DEPLOYER
from stacks.plan.model import Plan, Route
from tests.unit.evidence.checks import CHECKS, Check
from tests.unit.evidence.recording import recording

Change = Callable[[CloudFacts], CloudFacts]

TENANT = "xiangyang-portal"
OUTSIDE = Route(IPv4Network("0.0.0.0/0"), IPv4Address("10.255.0.99"))


def project(cloud: CloudFacts) -> str:
    return next(item.id for item in cloud.projects if item.name == TENANT)


def own_project(cloud: CloudFacts) -> Project:
    return next(item for item in cloud.projects if item.name == TENANT)


def network(cloud: CloudFacts, name: str = f"{TENANT}-office") -> Network:
    return next(item for item in cloud.networks if item.name == name)


def subnet(cloud: CloudFacts) -> Any:  # noqa: ANN401 - a subnet
    return next(item for item in cloud.subnets if item.network == network(cloud).id)


def router(cloud: CloudFacts, name: str) -> Router:
    return next(item for item in cloud.routers if item.name == name)


def server(cloud: CloudFacts, name: str = f"{TENANT}-oa-1") -> Server:
    return next(item for item in cloud.servers if item.name == name)


def server_port(cloud: CloudFacts, name: str = f"{TENANT}-oa-1") -> Port:
    return cloud.ports_of(server(cloud, name).id)[0]


def differing(cloud: CloudFacts, **values: Any) -> CloudFacts:  # noqa: ANN401 - any field
    return replace(cloud, **values)


def more(field: str, make: Callable[[CloudFacts], Any]) -> Change:
    """One object more in a tuple."""
    return lambda cloud: differing(cloud, **{field: (*getattr(cloud, field), make(cloud))})


def fewer(field: str, pick: Callable[[CloudFacts], Any]) -> Change:
    """One object less in a tuple."""
    return lambda cloud: differing(
        cloud, **{field: tuple(item for item in getattr(cloud, field) if item != pick(cloud))}
    )


def other(field: str, pick: Callable[[CloudFacts], Any], **values: Any) -> Change:  # noqa: ANN401 - any field
    """One object of a tuple with other values."""

    def change(cloud: CloudFacts) -> CloudFacts:
        chosen = pick(cloud)
        items = (replace(item, **values) if item == chosen else item for item in getattr(cloud, field))
        return differing(cloud, **{field: tuple(items)})

    return change


def stranger(cloud: CloudFacts, where: str, address: str, **values: Any) -> Port:  # noqa: ANN401 - any field
    port = Port(
        "stranger", "stranger", network(cloud, where).id, project(cloud), "", "",
        frozenset({IPv4Address(address)}), frozenset(), security=True, extra_addresses=(),
    )  # fmt: skip
    return replace(port, **values)


def group(cloud: CloudFacts, name: str = f"{TENANT}-office") -> Any:  # noqa: ANN401 - a security group
    return next(item for item in cloud.groups if item.name == name and item.project == project(cloud))


def bridge(cloud: CloudFacts) -> CloudFacts:
    """A router with a leg on either side."""
    ports = tuple(
        stranger(
            cloud,
            f"govcloud-{side}-backbone",
            address,
            id=side,
            device="bridge",
            owner="network:router_interface",
        )
        for side, address in (("external", "10.80.0.99"), ("internal", "10.144.0.99"))
    )
    made = Router("bridge", "bridge", "", None, frozenset())
    return replace(cloud, routers=(*cloud.routers, made), ports=(*cloud.ports, *ports))


SURPLUS_RULE = GroupRule("ingress", "IPv4", "tcp", 1, 65535, "0.0.0.0/0")


def surplus_rule(cloud: CloudFacts) -> CloudFacts:
    return other("groups", group, rules=group(cloud).rules | {SURPLUS_RULE})(cloud)


def surplus_bastion_rule(cloud: CloudFacts) -> CloudFacts:
    return other("groups", bastion_group, rules=bastion_group(cloud).rules | {SURPLUS_RULE})(cloud)


def bastion_group(cloud: CloudFacts) -> Any:  # noqa: ANN401 - a security group
    return next(item for item in cloud.groups if item.name == "govcloud-bastion")


def quota(cloud: CloudFacts) -> CloudFacts:
    own = project(cloud)
    return replace(cloud, quotas={**cloud.quotas, own: {**cloud.quotas[own], "cores": 999}})


def actions(cloud: CloudFacts) -> CloudFacts:
    return replace(cloud, actions={**cloud.actions, server(cloud).id: ()})


def second_foot(cloud: CloudFacts) -> CloudFacts:
    port = replace(
        server_port(cloud), id="second", addresses=frozenset({IPv4Address("10.64.0.170")}),
        network=network(cloud, f"{TENANT}-portal").id,
    )  # fmt: skip
    return replace(cloud, ports=(*cloud.ports, port))


def auditors_project(cloud: CloudFacts) -> str:
    return next(item.id for item in cloud.projects if item.name == AUDITOR_ACCOUNT)


def share_network(cloud: CloudFacts) -> Share:
    return Share("network", network(cloud).id, "access_as_shared", "somebody")


TENANT_CHANGES: dict[str, tuple[Change, ...]] = {
    "project": (
        other("projects", lambda c: next(p for p in c.projects if p.name == TENANT), enabled=False),
        other("projects", lambda c: next(p for p in c.projects if p.name == TENANT), tags=frozenset()),
    ),
    "networks_equal_plan": (
        more("networks", lambda c: replace(network(c), id="n", name="stranger")),
        fewer("networks", network),
    ),
    "networks_on_planned_wires": (other("networks", network, wires=frozenset({Wire("vpn", 2101)})),),
    "networks_not_shared": (other("networks", network, shared=True), more("shares", share_network)),
    "nothing_shared": (
        more("shares", share_network),
        more("shares", lambda c: Share("network", "another", "access_as_shared", project(c))),
    ),
    "subnets_equal_plan": (
        other("subnets", subnet, gateway=IPv4Address("10.128.1.1")),
        other("subnets", subnet, subnet_pool=None),
        other("subnets", subnet, routes=frozenset({OUTSIDE})),
    ),
    "routers_equal_plan": (
        more("routers", lambda c: replace(router(c, f"{TENANT}-internal"), id="r", name="stranger")),
        lambda c: other("routers", lambda c: router(c, f"{TENANT}-internal"),
                        external=router(c, f"{TENANT}-external").external)(c),
    ),
    "router_legs_equal_plan": (
        more("ports", lambda c: stranger(c, f"{TENANT}-portal", "10.64.0.190",
                                         device=router(c, f"{TENANT}-internal").id)),
    ),
    "router_routes_equal_plan": (
        other("routers", lambda c: router(c, f"{TENANT}-internal"), routes=frozenset({OUTSIDE})),
    ),
    "security_groups_equal_plan": (
        more("groups", lambda c: replace(group(c), id="g", name="stranger")),
        lambda c: other("ports", server_port, groups=frozenset({group(c, "default").id}))(c),
    ),
    "rules_equal_plan": (
        surplus_rule,
        lambda c: other("groups", group, rules=frozenset(list(group(c).rules)[1:]))(c),
    ),
    "groups_stateful": (other("groups", group, stateful=False),),
    "port_security_on": (
        other("ports", server_port, security=False),
        other("ports", server_port, extra_addresses=("10.0.0.0/8",)),
        other("networks", network, port_security=False),
    ),
    "no_unknown_ports": (more("ports", lambda c: stranger(c, f"{TENANT}-office", "10.128.1.120")),),
    "hosts_in_planned_groups": (other("ports", server_port, groups=frozenset()),),
    "servers_equal_plan": (
        more("servers", lambda c: replace(server(c), id="s", name="stranger")),
        fewer("servers", server),
    ),
    "servers_running": (other("servers", server, status="SHUTOFF"), fewer("servers", server)),
    "servers_as_planned": (
        other("servers", server, flavor="govcloud-large"),
        other("servers", server, image="another"),
        other("servers", server, key="mallory"),
    ),
    "one_foot": (second_foot,),
    "floating_ips_only_for_published_hosts": (
        more("floating_ips", lambda c: FloatingIp(
            IPv4Address("203.0.113.200"), project(c), "p", IPv4Address("10.128.1.4"))),
    ),
    "quotas_equal_plan": (quota,),
    "volumes_equal_plan": (
        lambda c: replace(c, volumes=(Volume("stranger", project(c), 1, "standard", ()),)),
    ),
    "roles_as_planned": (more("assignments", lambda c: Assignment("member", "user mallory", project(c))),),
    "actions_recorded": (actions,),
    "no_undeclared_server_groups": (
        lambda c: replace(c, server_groups={project(c): frozenset({"together"})}),
        lambda c: replace(c, server_groups={}),
    ),
}  # fmt: skip

PLATFORM_CHANGES: dict[str, tuple[Change, ...]] = {
    "no_router_joins_two_sides": (bridge,),
    "no_internal_router_leads_outside": (
        other("routers", lambda c: router(c, f"{TENANT}-internal"), external="public"),
    ),
    "no_server_on_two_sides": (second_foot,),
    "no_stranger_in_planned_addresses": (
        more("ports", lambda c: stranger(c, f"{TENANT}-office", "10.128.1.120", project="another")),
    ),
    "pools_and_scopes": (lambda c: replace(c, pools=()), lambda c: replace(c, scopes={})),
    "no_undeclared_shares": (more("shares", share_network),),
    "management_network_closed": (
        more("ports", lambda c: stranger(c, "govcloud-management", "10.255.0.200")),
    ),
    "management_legs_as_planned": (
        more("ports", lambda c: stranger(c, "govcloud-management", "10.255.0.200",
                                         device="r", owner="network:router_interface")),
    ),
    "vlans_as_planned": (other("networks", network, wires=frozenset({Wire("vpn", 2101)})),),
    "backbones_join_routers_only": (
        bridge,
        more("ports", lambda c: stranger(c, "govcloud-internal-backbone", "10.144.0.200")),
    ),
    "platform_routes_as_planned": (
        other("routers", lambda c: router(c, "govcloud-management"), routes=frozenset({OUTSIDE})),
    ),
    "bastion_rules_as_planned": (
        surplus_bastion_rule,
    ),
    "bastion_has_one_foot": (
        other("ports", lambda c: server_port(c, "govcloud-bastion"), security=False),
        fewer("ports", lambda c: server_port(c, "govcloud-bastion")),
    ),
    "no_undeclared_way_in": (
        more("floating_ips", lambda c: FloatingIp(
            IPv4Address("203.0.113.200"), project(c), "p", IPv4Address("10.128.1.4"))),
        lambda c: replace(c, floating_ips=()),
    ),
    "image_fingerprint": (
        lambda c: replace(c, images=tuple(replace(i, hash_algorithm="md5") for i in c.images)),
        lambda c: replace(c, images=tuple(replace(i, hash_value="") for i in c.images)),
    ),
    "no_shared_snapshots": (
        more("images", lambda _: Image("i", "snapshot", "public", "active", "sha512", "0" * 128)),
    ),
    "flavors_as_planned": (
        lambda c: replace(c, flavors={**c.flavors, "govcloud-huge": c.flavors["govcloud-small"]}),
    ),
    "projects_as_planned": (
        more("projects", lambda _: Project("p", "stranger", True, frozenset({"managed-by=govcloud"}))),
        lambda c: other("projects", own_project, parent=c.projects[1].id)(c),
    ),
    "supervision_as_planned": (
        more("assignments", lambda c: Assignment("reader", "user mallory", project(c), inherited=True)),
    ),
    "no_administrator_in_tenants": (
        more("assignments", lambda c: Assignment("admin", "user mallory", project(c))),
    ),
    "no_trusts": (more("trusts", lambda _: Trust("a", "b")), lambda c: replace(c, users=())),
    "no_application_credentials": (
        lambda c: replace(c, credentials={**c.credentials, AUDITOR_ACCOUNT: 1}),
        lambda c: replace(c, credentials={}),
    ),
    "deployment_users_as_planned": (
        more("users", lambda _: User("u", "gone-deployer", "default", enabled=True)),
        lambda c: replace(c, users=tuple(replace(user, enabled=False) for user in c.users)),
    ),
    "one_auditor": (
        more("grants", lambda c: Assignment(AUDITOR, "user mallory", project(c))),
        lambda c: replace(c, grants=()),
    ),
    "auditor_only_reads": (
        more("grants", lambda c: Assignment("member", f"user {AUDITOR_ACCOUNT}", project(c))),
    ),
    "builders_as_planned": (more("grants", lambda c: Assignment(DEPLOYER, "user mallory", project(c))),),
    "no_groups_hold_admin": (more("grants", lambda c: Assignment("admin", "group many", project(c))),),
    "no_disabled_holders": (
        lambda c: replace(c, users=tuple(replace(user, enabled=False) for user in c.users)),
    ),
    "roles_known": (
        lambda c: replace(c, roles=c.roles | {"mallory"}),
        lambda c: replace(c, roles=c.roles - {AUDITOR}),
    ),
    "auditors_project_empty": (
        more("servers", lambda c: replace(server(c), id="s", project=auditors_project(c))),
        fewer("projects", lambda c: next(p for p in c.projects if p.name == AUDITOR_ACCOUNT)),
    ),
    "no_trunk_like_ports": (second_foot,),
}  # fmt: skip

BY_NAME = TENANT_CHANGES | {f"platform/{name}": changes for name, changes in PLATFORM_CHANGES.items()}
CHANGES = {
    check.name: BY_NAME[check.name if check.area == "platform" else check.name.partition("/")[2]]
    for check in CHECKS
    if "cloud" in check.arguments
}
CLOUD_CHECKS = [check for check in CHECKS if "cloud" in check.arguments]
CASES = [
    pytest.param(check, change, id=f"{check.name}-{number}")
    for check in CLOUD_CHECKS
    for number, change in enumerate(CHANGES[check.name])
]


def run(check: Check, cloud: CloudFacts, plan: Plan | None = None) -> None:
    plan = plan or recording().plan
    given: dict[str, Any] = {
        "cloud": cloud,
        "plan": plan,
        "plan_of_platform": plan.platform,
        "tenant": plan.tenant(TENANT),
    }
    check.function(**{name: given[name] for name in check.arguments})


def test_every_check_has_a_change() -> None:
    assert len(CLOUD_CHECKS) == len(BY_NAME)


@pytest.mark.parametrize("check", CLOUD_CHECKS, ids=lambda check: check.name)
def test_passes_on_the_planned_cloud(check: Check) -> None:
    run(check, recording().cloud)


@pytest.mark.parametrize(("check", "change"), CASES)
def test_fails_when_something_differs(check: Check, change: Change) -> None:
    with pytest.raises(Finding) as caught:
        run(check, change(recording().cloud))
    assert caught.value.do


@pytest.mark.parametrize("check", CLOUD_CHECKS, ids=lambda check: check.name)
def test_fails_on_an_empty_cloud(check: Check) -> None:
    empty: dict[str, Any] = {
        item.name: {} if "Mapping" in str(item.type) else frozenset() for item in fields(CloudFacts)
    }
    with pytest.raises(Finding):
        run(check, CloudFacts(**{**empty, "release": ""}))


WIRED = [check for check in CLOUD_CHECKS if check.name.endswith(("_wires", "/vlans_as_planned"))]


def dedicated() -> Plan:
    """The recorded plan, with the office on a VLAN."""
    plan = recording().plan
    tenant = plan.tenant(TENANT)
    segments = tuple(
        replace(item, provider=ProviderSegment("vpn", 2101)) if item.key == "office" else item
        for item in tenant.segments
    )
    others = (item for item in plan.tenants if item.id != TENANT)
    return replace(plan, tenants=(*others, replace(tenant, segments=segments)))


@pytest.mark.parametrize("check", WIRED, ids=lambda check: check.name)
def test_a_dedicated_network_lies_on_its_vlan_and_nowhere_else(check: Check) -> None:
    for wires, good in (([2101], True), ([2102], False), ([2101, 2102], False), ([], False)):
        there = frozenset(Wire("vpn", vlan) for vlan in wires)
        cloud = other("networks", network, wires=there)(recording().cloud)
        if good:
            run(check, cloud, dedicated())
        else:
            with pytest.raises(Finding):
                run(check, cloud, dedicated())


def test_another_projects_network_on_a_planned_vlan_is_found() -> None:
    check = next(check for check in WIRED if check.area == "platform")
    cloud = other("networks", network, wires=frozenset({Wire("vpn", 2101)}), project="another")(
        recording().cloud
    )
    with pytest.raises(Finding):
        run(check, cloud, dedicated())


def test_an_image_that_is_not_the_approved_one_is_found() -> None:
    (check,) = (item for item in CLOUD_CHECKS if item.name == "platform/image_fingerprint")
    found = recording()
    image = found.plan.platform.platform.cloud.image
    (there,) = (item for item in found.cloud.images if item.name == image)
    run(check, found.cloud, pinned({image: there.hash_value}))
    for wrong in ({image: "0" * 128}, {"another": there.hash_value}):
        with pytest.raises(Finding):
            run(check, found.cloud, pinned(wrong))


def pinned(checksums: dict[str, str]) -> Plan:
    """The recorded plan, with these images approved."""
    plan = recording().plan
    shared = plan.platform.platform
    cloud = shared.cloud.model_copy(update={"image_checksums": checksums})
    return replace(plan, platform=replace(plan.platform, platform=shared.model_copy(update={"cloud": cloud})))


def test_a_server_outside_of_the_zone_of_its_class_is_found() -> None:
    (check,) = (item for item in CLOUD_CHECKS if item.name == "tenant/servers_as_planned")
    found = recording()
    own = found.plan.tenant(TENANT)
    apart = replace(own, placement=replace(own.placement, availability_zone="secured"))
    given = {"tenant": apart, "plan_of_platform": found.plan.platform}
    with pytest.raises(Finding, match="availability zone"):
        check.function(cloud=found.cloud, **given)
    moved = tuple(replace(item, zone="secured") for item in found.cloud.servers)
    check.function(cloud=replace(found.cloud, servers=moved), **given)
