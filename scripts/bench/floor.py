"""The floor under a tenant's deployment: its objects as a list of calls, one after the other, none to spare.

Whatever `govcloud up` needs beyond this is the price of Pulumi, of its provider and of our own engine.
The calls come from the same plan as the stack's resources; each finds what it needs in those before it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stacks.errors import PlanError
from stacks.outputs import PlatformOutputs
from stacks.plan.grants import DEPLOYER, STAFF
from stacks.plan.model import Route, RouterPlan, SecurityGroupPlan, SegmentPlan, TenantPlan

Body = dict[str, Any]

PASSWORD_BYTES = 32


@dataclass(frozen=True)
class Ref:
    """Stands in a body for the id of an object that an earlier call makes."""

    kind: str
    name: str


@dataclass(frozen=True)
class Call:
    """One object to make.

    Attributes:
        kind: what is made, by the last part of its Pulumi type.
        body: the arguments, with a `Ref` wherever an id is needed.
        shared: made by the administrator; everything else is made with the tenant's own credentials.
    """

    kind: str
    name: str
    body: Body
    shared: bool = False


def resolved(value: Any, ids: Mapping[Ref, str]) -> Any:  # noqa: ANN401 - any part of a JSON body
    """The value with every reference replaced by the id that it stands for."""
    match value:
        case Ref():
            return ids[value]
        case dict():
            return {name: resolved(item, ids) for name, item in value.items()}
        case list():
            return [resolved(item, ids) for item in value]
        case _:
            return value


def calls(
    tenant: TenantPlan, platform: PlatformOutputs, names: str, *, block_storage: bool
) -> Iterator[Call]:
    """Everything that a tenant without hosts consists of.

    Args:
        block_storage: whether the cloud has a quota of volumes.
        names: address of the name server that hosts learn.

    Raises:
        PlanError: the tenant has hosts; their time is the cloud's, not the tool's.
    """
    if tenant.hosts:
        raise PlanError(
            f"the floor builds no hosts, but tenant {tenant.id} has some.", "Measure another one."
        )
    yield from _identity(tenant, platform)
    yield from _quotas(tenant)
    if block_storage:
        yield _volume_quota(tenant, platform.volume_types)
    for group in (*(segment.security_group for segment in tenant.segments), *tenant.publications):
        yield from _security_group(group, tenant.tags)
    for segment in tenant.segments:
        yield _network(tenant, segment)
        yield _subnet(segment, platform.sides[segment.side.value].subnet_pool, names)
    for router in tenant.routers:
        yield from _router(tenant, router, platform)


def _identity(tenant: TenantPlan, platform: PlatformOutputs) -> Iterator[Call]:
    name, user, domain = tenant.id, f"{tenant.id}-deployer", {"domain_id": platform.domain}
    project, password = Ref("Project", name), secrets.token_urlsafe(PASSWORD_BYTES)
    about = {"name": tenant.project, "description": tenant.description, "tags": list(tenant.tags)}
    role = {"project": project, "role": platform.roles[STAFF]}
    if tenant.lineage:
        about["parent_id"] = platform.nodes[tenant.lineage[-1]]
    yield Call("Project", name, {**about, **domain}, shared=True)
    yield Call("GroupV3", name, {"name": name, "description": f"Staff of {name}", **domain}, shared=True)
    yield Call(
        "User",
        user,
        {"name": user, "password": password, "default_project_id": project, **domain},
        shared=True,
    )
    yield Call("RoleAssignment", name, {"group": Ref("GroupV3", name), **role}, shared=True)
    yield Call("RoleAssignment", user, {"user": Ref("User", user), **role}, shared=True)
    builds = {"user": Ref("User", user), "project": project, "role": platform.roles[DEPLOYER]}
    yield Call("RoleAssignment", f"{user}-deploys", builds, shared=True)
    yield from _grants(tenant, platform)


def _grants(tenant: TenantPlan, platform: PlatformOutputs) -> Iterator[Call]:
    for grant in tenant.own_grants:
        held = {"group": platform.groups[grant.group], "role": platform.roles[grant.role]}
        own = {"project": Ref("Project", tenant.id), **held}
        yield Call("RoleAssignment", f"{tenant.id}-{grant.role}-{grant.group}", own, shared=True)
        if grant in tenant.supervision:
            below = {"project": platform.nodes[tenant.id], **held}
            yield Call("InheritRoleAssignment", f"{tenant.id}-below-{grant.group}", below, shared=True)


def _quotas(tenant: TenantPlan) -> Iterator[Call]:
    quotas, project = tenant.quotas, {"project": Ref("Project", tenant.id)}
    network = {
        "networks": quotas.networks,
        "subnets": quotas.networks,
        "routers": quotas.routers,
        "ports": quotas.ports,
        "floating_ips": quotas.floating_ips,
        "security_groups": quotas.security_groups,
        "security_group_rules": quotas.security_group_rules,
        "rbac_policies": 0,
        "subnet_pools": 0,
    }
    compute = {"instances": quotas.instances, "cores": quotas.cores, "ram": quotas.memory}
    yield Call("QuotaV2", tenant.id, {**project, **network}, shared=True)
    yield Call("QuotaSetV2", tenant.id, {**project, **compute}, shared=True)


def _volume_quota(tenant: TenantPlan, types: tuple[str, ...]) -> Call:
    limits = {"volumes": tenant.quotas.volumes, "gigabytes": tenant.quotas.volume_storage}
    copies = {"snapshots": 0, "backups": 0, "backup_gigabytes": 0, "groups": 0}
    of_types = tenant.placement.volume_type_limits(types)
    body = {"project": Ref("Project", tenant.id), **limits, **copies, **of_types}
    return Call("QuoteSetV3", tenant.id, body, shared=True)


def _security_group(group: SecurityGroupPlan, tags: tuple[str, ...]) -> Iterator[Call]:
    about = {"name": group.name, "description": group.description, "tags": list(tags)}
    yield Call("SecGroup", group.name, about)
    for rule in group.rules:
        body = {
            "security_group_id": Ref("SecGroup", group.name),
            "direction": rule.direction.value,
            "ethertype": "IPv4",
            "protocol": rule.protocol,
            "port_range_min": rule.ports[0],
            "port_range_max": rule.ports[-1],
            "remote_ip_prefix": rule.remote.with_prefixlen,
            "description": rule.reason,
        }
        yield Call("SecGroupRule", f"{group.name}-{rule.key}", body)


def _network(tenant: TenantPlan, segment: SegmentPlan) -> Call:
    body: Body = {"name": segment.name, "tags": list(tenant.tags)}
    wire = segment.provider
    if wire is None:
        return Call("Network", segment.name, body)
    body |= {
        "project_id": Ref("Project", tenant.id),
        "shared": False,
        "port_security_enabled": True,
        "provider_network_type": "vlan",
        "provider_physical_network": wire.physical_network,
        "provider_segmentation_id": wire.vlan,
    }
    return Call("Network", segment.name, body, shared=True)


def _subnet(segment: SegmentPlan, pool: str, names: str) -> Call:
    first, last = segment.pool
    subnet = {
        "name": segment.name,
        "network_id": Ref("Network", segment.name),
        "subnet_pool_id": pool,
        "ip_version": 4,
        "cidr": segment.cidr.with_prefixlen,
        "gateway_ip": str(segment.default_route) if segment.default_route else None,
        "allocation_pools": [{"start": str(first), "end": str(last)}],
        "dns_nameservers": [names],
        "host_routes": _routes(segment.host_routes),
    }
    return Call("Subnet", segment.name, subnet)


def _router(tenant: TenantPlan, plan: RouterPlan, platform: PlatformOutputs) -> Iterator[Call]:
    project = Ref("Project", tenant.id)
    router: Body = {"name": plan.name, "project_id": project, "tags": list(tenant.tags)}
    if plan.external_gateway:
        router["external_gateway_info"] = {"network_id": platform.external_network}
    yield Call("Router", plan.name, router, shared=True)
    for key in plan.segments:
        segment = tenant.segment(key)
        network, subnet = Ref("Network", segment.name), Ref("Subnet", segment.name)
        yield from _leg(plan, key, {"network_id": network, **_address(subnet, segment.gateway)})
    side = platform.sides[plan.side.value]
    legs = (
        ("management", platform.management_network, platform.management_subnet, plan.management),
        ("backbone", side.backbone_network, side.backbone_subnet, plan.backbone),
    )
    owner = {"project_id": project, "security_groups": []}
    for name, network_id, subnet_id, address in legs:
        if address:
            body = {"network_id": network_id, **owner, **_address(subnet_id, address)}
            yield from _leg(plan, name, body, shared=True)
    routes = {"router": Ref("Router", plan.name), "routes": _routes(plan.routes)}
    yield Call("RouterRoutesV2", plan.name, routes, shared=True)


def _leg(plan: RouterPlan, key: str, port: Body, *, shared: bool = False) -> Iterator[Call]:
    name = f"{plan.name}-{key}"
    yield Call("Port", name, {"name": name, **port}, shared)
    joined = {"router": Ref("Router", plan.name), "port": Ref("Port", name)}
    yield Call("RouterInterface", name, joined, shared=True)


def _address(subnet: str | Ref, address: object) -> Body:
    return {"fixed_ips": [{"subnet_id": subnet, "ip_address": str(address)}]}


def _routes(routes: Iterable[Route]) -> list[Body]:
    return [
        {"destination": route.destination.with_prefixlen, "nexthop": str(route.next_hop)} for route in routes
    ]
