"""Reads the whole cloud at once, as the auditor, who can change nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv4Network
from itertools import chain
from typing import Any, cast

from openstack.connection import Connection
from openstack.identity.v3._proxy import Proxy as Identity

from scripts.access.auditor import AuditedDeployment
from scripts.evidence.cloud import facts
from stacks.plan.grants import AUDITOR_ACCOUNT
from stacks.plan.model import Route

Resource = Any
"""A resource of openstacksdk; its attributes are made at run time."""


def gather(deployment: AuditedDeployment) -> facts.CloudFacts:
    """Everything that the platform checks look at.

    Raises:
        CloudError: the cloud did not answer, or refused the auditor's account.
    """
    plan = deployment.plan
    with deployment.connected() as connection, ThreadPoolExecutor(max_workers=6) as pool:
        sections = {name: pool.submit(read, connection) for name, read in SECTIONS.items()}
        found: dict[str, Any] = {name: future.result() for name, future in sections.items()}
        planned = {tenant.project for tenant in plan.tenants}
        audited = [project.id for project in found["projects"] if project.name in planned]
        volumes = plan.platform.platform.cloud.block_storage
        quotas = pool.map(lambda project: _quotas(connection, project, volumes=volumes), audited)
        inside = list(pool.map(partial(_inside, deployment, found["servers"], with_volumes=volumes), audited))
        images = {image.id: image for image in chain(found.pop("images"), *(item.images for item in inside))}
        return facts.CloudFacts(
            **found,
            assignments=tuple(item for item in found["grants"] if item.project not in ("domain", "system")),
            images=tuple(images.values()),
            credentials=_credentials(connection, found["users"]),
            quotas=dict(zip(audited, quotas, strict=True)),
            server_groups={key: item.server_groups for key, item in zip(audited, inside, strict=True)},
            actions={server: actions for item in inside for server, actions in item.actions.items()},
            release=_release(connection),
            volumes=tuple(sorted(volume for item in inside for volume in item.volumes)),
            asked_at=time.time(),
        )


@dataclass(frozen=True)
class _Inside:
    """What Nova, Glance and Cinder show of a project only to those who are in it."""

    actions: Mapping[str, tuple[facts.Action, ...]]
    images: tuple[facts.Image, ...]
    server_groups: frozenset[str]
    volumes: tuple[facts.Volume, ...]


def _inside(
    deployment: AuditedDeployment, servers: Iterable[facts.Server], project: str, *, with_volumes: bool
) -> _Inside:
    own = [server.id for server in servers if server.project == project]
    with deployment.connected(project) as connection:
        groups = frozenset(item.name for item in connection.compute.server_groups())
        return _Inside(
            {server: _actions(connection, server) for server in own},
            _images(connection),
            groups,
            _volumes(connection, project) if with_volumes else (),
        )


def _volumes(connection: Connection, project: str) -> tuple[facts.Volume, ...]:
    return tuple(
        facts.Volume(
            item.name or item.id,
            project,
            item.size,
            item.volume_type or "",
            tuple(sorted(attachment["server_id"] for attachment in item.attachments or ())),
        )
        for item in connection.block_storage.volumes(details=True)
    )


def _release(connection: Connection) -> str:
    """Highest microversion of Nova; the nearest thing to a release that the API tells."""
    endpoint = connection.compute.get_endpoint_data()
    version = endpoint.max_microversion if endpoint else None
    return f"Nova API {'.'.join(map(str, version))}" if version else "Nova API of unknown version"


def _identity(connection: Connection) -> Identity:
    """Keystone's version 3; openstacksdk still types a version 2 beside it."""
    return cast(Identity, connection.identity)


def _projects(connection: Connection) -> tuple[facts.Project, ...]:
    return tuple(
        facts.Project(
            item.id, item.name, bool(item.is_enabled), frozenset(item.tags or ()), item.parent_id or ""
        )
        for item in _identity(connection).projects()
    )


def _networks(connection: Connection) -> tuple[facts.Network, ...]:
    return tuple(
        facts.Network(
            item.id,
            item.name,
            item.project_id,
            shared=bool(item.is_shared),
            external=bool(item.is_router_external),
            port_security=bool(item.is_port_security_enabled),
            wires=frozenset(_wires(item)),
        )
        for item in connection.network.networks()
    )


def _wires(network: Any) -> Iterator[facts.Wire]:  # noqa: ANN401 - the SDK's network
    """A network of several segments has them in a list, any other as its own attributes."""
    alone = {
        "provider:physical_network": network.provider_physical_network,
        "provider:segmentation_id": network.provider_segmentation_id,
    }
    for part in network.segments or [alone]:
        if physical := part["provider:physical_network"]:
            yield facts.Wire(physical, part["provider:segmentation_id"])


def _subnets(connection: Connection) -> tuple[facts.Subnet, ...]:
    return tuple(
        facts.Subnet(
            id=item.id,
            network=item.network_id,
            project=item.project_id,
            cidr=IPv4Network(item.cidr),
            gateway=IPv4Address(item.gateway_ip) if item.gateway_ip else None,
            pools=frozenset(
                (IPv4Address(pool["start"]), IPv4Address(pool["end"])) for pool in item.allocation_pools
            ),
            routes=_routes(item.host_routes),
            subnet_pool=item.subnet_pool_id,
        )
        for item in connection.network.subnets(ip_version=4)
    )


def _routes(rows: Iterable[Mapping[str, str]] | None) -> frozenset[Route]:
    return frozenset(
        Route(IPv4Network(row["destination"]), IPv4Address(row["nexthop"])) for row in rows or ()
    )


def _routers(connection: Connection) -> tuple[facts.Router, ...]:
    return tuple(
        facts.Router(
            item.id,
            item.name,
            item.project_id,
            external=(item.external_gateway_info or {}).get("network_id"),
            routes=_routes(item.routes),
        )
        for item in connection.network.routers()
    )


def _ports(connection: Connection) -> tuple[facts.Port, ...]:
    return tuple(
        facts.Port(
            id=item.id,
            name=item.name,
            network=item.network_id,
            project=item.project_id,
            device=item.device_id or "",
            owner=item.device_owner or "",
            addresses=frozenset(
                IPv4Address(fixed["ip_address"]) for fixed in item.fixed_ips if ":" not in fixed["ip_address"]
            ),
            groups=frozenset(item.security_group_ids or ()),
            security=bool(item.is_port_security_enabled),
            extra_addresses=tuple(pair["ip_address"] for pair in item.allowed_address_pairs or ()),
        )
        for item in connection.network.ports()
    )


def _groups(connection: Connection) -> tuple[facts.SecurityGroup, ...]:
    return tuple(
        facts.SecurityGroup(
            id=item.id,
            name=item.name,
            project=item.project_id,
            rules=frozenset(_group_rule(rule) for rule in item.security_group_rules),
            count=len(item.security_group_rules),
            stateful=bool(item.stateful),
        )
        for item in connection.network.security_groups()
    )


def _group_rule(rule: Mapping[str, Any]) -> facts.GroupRule:
    group, addresses = rule.get("remote_group_id"), rule.get("remote_address_group_id")
    named = (group and f"group {group}") or (addresses and f"address group {addresses}")
    return facts.GroupRule(
        direction=rule["direction"],
        family=rule["ethertype"],
        protocol=rule["protocol"] or "any protocol",
        first_port=rule["port_range_min"] or 0,
        last_port=rule["port_range_max"] or 0,
        remote=named or rule.get("remote_ip_prefix") or "anywhere",
    )


def _floating_ips(connection: Connection) -> tuple[facts.FloatingIp, ...]:
    return tuple(
        facts.FloatingIp(
            IPv4Address(item.floating_ip_address),
            item.project_id,
            item.port_id,
            IPv4Address(item.fixed_ip_address) if item.fixed_ip_address else None,
        )
        for item in connection.network.ips()
    )


def _shares(connection: Connection) -> tuple[facts.Share, ...]:
    return tuple(
        facts.Share(item.object_type, item.object_id, item.action, item.target_project_id)
        for item in connection.network.rbac_policies()
    )


def _pools(connection: Connection) -> tuple[facts.SubnetPool, ...]:
    return tuple(
        facts.SubnetPool(
            item.id,
            item.name,
            item.address_scope_id,
            frozenset(IPv4Network(prefix) for prefix in item.prefixes if ":" not in prefix),
        )
        for item in connection.network.subnet_pools()
    )


def _servers(connection: Connection) -> tuple[facts.Server, ...]:
    return tuple(
        facts.Server(
            id=item.id,
            name=item.name,
            project=item.project_id,
            status=item.status,
            flavor=item.flavor.original_name or item.flavor.name,
            image=(item.image and item.image.id) or "",
            key=item.key_name or "",
            zone=item.availability_zone or "",
        )
        for item in connection.compute.servers(all_projects=True)
    )


def _actions(connection: Connection, server: str) -> tuple[facts.Action, ...]:
    return tuple(
        facts.Action(item.action, item.user_id or "", item.project_id or "", item.start_time or "")
        for item in connection.compute.server_actions(server)
    )


def _flavors(connection: Connection) -> dict[str, facts.Flavor]:
    return {
        item.name: facts.Flavor(item.vcpus, item.ram, item.disk)
        for item in connection.compute.flavors(get_extra_specs=False)
    }


def _images(connection: Connection) -> tuple[facts.Image, ...]:
    return tuple(
        facts.Image(
            item.id,
            item.name,
            item.visibility,
            item.status,
            item.hash_algo or "",
            item.hash_value or "",
        )
        for item in connection.image.images()
    )


def _grants(connection: Connection) -> tuple[facts.Assignment, ...]:
    return tuple(
        facts.Assignment(
            role=item.role["name"],
            holder=f"user {item.user['name']}" if item.user else f"group {item.group['name']}",
            project=_place(item.scope),
            inherited="OS-INHERIT:inherited_to" in item.scope,
        )
        for item in _identity(connection).role_assignments(include_names=True)
    )


def _place(scope: Mapping[str, Any]) -> str:
    """Where a role holds: a project by its id; else `domain` or `system`."""
    return scope["project"]["id"] if "project" in scope else "domain" if "domain" in scope else "system"


def _users(connection: Connection) -> tuple[facts.User, ...]:
    return tuple(
        facts.User(item.id, item.name, item.domain_id, bool(item.is_enabled))
        for item in _identity(connection).users()
    )


def _trusts(connection: Connection) -> tuple[facts.Trust, ...]:
    return tuple(
        facts.Trust(item.trustor_user_id, item.trustee_user_id) for item in _identity(connection).trusts()
    )


def _credentials(connection: Connection, users: Iterable[facts.User]) -> dict[str, int]:
    return {
        user.name: len(list(_identity(connection).application_credentials(user.id)))
        for user in users
        if user.name.endswith(DEPLOYERS) or user.name == AUDITOR_ACCOUNT
    }


DEPLOYERS = "-deployer"
"""What the name of every tenant's deployment user ends with."""

NETWORK_LIMITS = ("networks", "routers", "ports", "floating_ips", "security_groups", "security_group_rules")


def _quotas(connection: Connection, project: str, *, volumes: bool) -> dict[str, int]:
    compute, network = connection.compute.get_quota_set(project), connection.network.get_quota(project)
    limits = {"instances": compute.instances, "cores": compute.cores, "memory": compute.ram}
    limits |= {name: getattr(network, name) for name in NETWORK_LIMITS}
    if volumes:
        storage = connection.block_storage.get_quota_set(project)
        limits |= {"volumes": storage.volumes, "volume_storage": storage.gigabytes}
    return limits


SECTIONS: Mapping[str, Callable[[Connection], Any]] = {
    "projects": _projects,
    "networks": _networks,
    "subnets": _subnets,
    "routers": _routers,
    "ports": _ports,
    "groups": _groups,
    "floating_ips": _floating_ips,
    "shares": _shares,
    "pools": _pools,
    "scopes": lambda connection: {item.id: item.name for item in connection.network.address_scopes()},
    "servers": _servers,
    "flavors": _flavors,
    "images": _images,
    "grants": _grants,
    "users": _users,
    "roles": lambda connection: frozenset(item.name for item in _identity(connection).roles()),
    "trusts": _trusts,
}
