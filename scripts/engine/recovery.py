"""After a crash: what Pulumi was creating when it was killed is in the cloud, but not in its state.

Pulumi remembers such resources as pending operations. Creating them again would conflict or leave
orphans, so each one is looked for in the cloud by what it was to be, removed, and then forgotten;
the next `up` makes it anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from tempfile import NamedTemporaryFile
from typing import Any

import openstack

from scripts.engine.pulumi import Pulumi
from scripts.engine.volumes import require_volumes_stay
from stacks.errors import CloudError
from stacks.settings import Settings

Inputs = dict[str, Any]
Identity = tuple[str, str | None]
"""Type and id of a resource: a router's routes have the router's id, its leg has the port's."""

Cloud = Any
"""An `openstack.connection.Connection`; its proxies are assembled at run time, so types do not help."""


@dataclass(frozen=True)
class Gone:
    """What an interrupted recovery has removed already, while the state still has what went with it."""

    id: str


@dataclass(frozen=True)
class Kind:
    """How resources of one Pulumi type are found by their inputs, and removed.

    Attributes:
        find: the cloud's objects that match the inputs; each has an `id`.
        remove: deletes one of them.
        takes: type of a resource with the same id that the cloud removes along with it; empty where none.
    """

    find: Callable[[Cloud, Inputs], Iterable[Any]]
    remove: Callable[[Cloud, Any], object]
    takes: str = ""


def _legs(cloud: Cloud, inputs: Inputs) -> Iterable[Any]:
    """The router's ports that have been asked for, by port or by subnet; a port that is gone counts too."""
    asked, subnet = inputs.get("portId"), inputs.get("subnetId")
    if asked and not cloud.network.find_port(asked):
        return [Gone(asked)]
    return [
        port
        for port in cloud.network.ports(device_id=inputs["routerId"])
        if port.id == asked or subnet in {fixed["subnet_id"] for fixed in port.fixed_ips}
    ]


def _remove_leg(cloud: Cloud, port: Any) -> None:  # noqa: ANN401 - as above
    if not isinstance(port, Gone):
        cloud.network.remove_interface_from_router(port.device_id, port_id=port.id)


def _routers_with_routes(cloud: Cloud, inputs: Inputs) -> Iterable[Any]:
    router = cloud.network.find_router(inputs["routerId"])
    return [router] if router and router.routes else []


def _floating_ips(cloud: Cloud, inputs: Inputs) -> Iterable[Any]:
    return list(cloud.network.ips(port_id=inputs["portId"]))


def _rules(cloud: Cloud, inputs: Inputs) -> Iterable[Any]:
    return list(
        cloud.network.security_group_rules(
            security_group_id=inputs["securityGroupId"],
            direction=inputs["direction"],
            protocol=inputs["protocol"],
            port_range_min=inputs["portRangeMin"],
            remote_ip_prefix=inputs["remoteIpPrefix"],
        )
    )


def _keypairs(cloud: Cloud, inputs: Inputs) -> Iterable[Any]:
    """Keys belong to users: a tenant's to its deployment user, the bastion's to the administrator."""
    users = [user.id for user in cloud.identity.users(name=f"{inputs['name']}-deployer")]
    found = [cloud.compute.find_keypair(inputs["name"], user_id=user) for user in users or [None]]
    return [key for key in found if key]


def _remove_server(cloud: Cloud, server: Any) -> None:  # noqa: ANN401 - as above
    cloud.compute.delete_server(server)
    cloud.compute.wait_for_delete(server)


def _attachments(cloud: Cloud, inputs: Inputs) -> Iterable[Any]:
    found = cloud.compute.volume_attachments(inputs["instanceId"])
    return [item for item in found if item.volume_id == inputs["volumeId"]]


def _detach(cloud: Cloud, item: Any) -> None:  # noqa: ANN401 - as above
    cloud.compute.delete_volume_attachment(item.server_id, item.volume_id)
    volume = cloud.block_storage.get_volume(item.volume_id)
    cloud.block_storage.wait_for_status(volume, status="available", wait=120)


def _owner(inputs: Inputs) -> Inputs:
    """Whose it is, where the administrator makes it for a tenant: another one's may have the same name."""
    return {"project_id": inputs["tenantId"]} if "tenantId" in inputs else {}


def _network_kind(plural: str, singular: str) -> Kind:
    return Kind(
        lambda cloud, inputs: getattr(cloud.network, plural)(name=inputs["name"], **_owner(inputs)),
        lambda cloud, item: getattr(cloud.network, f"delete_{singular}")(item),
    )


KINDS: dict[str, Kind] = {
    "openstack:identity/project:Project": Kind(
        lambda cloud, inputs: cloud.identity.projects(name=inputs["name"]),
        lambda cloud, item: cloud.identity.delete_project(item),
    ),
    "openstack:identity/groupV3:GroupV3": Kind(
        lambda cloud, inputs: cloud.identity.groups(name=inputs["name"]),
        lambda cloud, item: cloud.identity.delete_group(item),
    ),
    "openstack:identity/role:Role": Kind(
        lambda cloud, inputs: cloud.identity.roles(name=inputs["name"]),
        lambda cloud, item: cloud.identity.delete_role(item),
    ),
    "openstack:identity/user:User": Kind(
        lambda cloud, inputs: cloud.identity.users(name=inputs["name"]),
        lambda cloud, item: cloud.identity.delete_user(item),
    ),
    "openstack:networking/network:Network": _network_kind("networks", "network"),
    "openstack:networking/subnet:Subnet": _network_kind("subnets", "subnet"),
    "openstack:networking/subnetPool:SubnetPool": _network_kind("subnet_pools", "subnet_pool"),
    "openstack:networking/addressScope:AddressScope": _network_kind("address_scopes", "address_scope"),
    "openstack:networking/router:Router": _network_kind("routers", "router"),
    "openstack:networking/port:Port": _network_kind("ports", "port"),
    "openstack:networking/secGroup:SecGroup": _network_kind("security_groups", "security_group"),
    "openstack:networking/secGroupRule:SecGroupRule": Kind(
        _rules, lambda cloud, item: cloud.network.delete_security_group_rule(item)
    ),
    "openstack:networking/routerInterface:RouterInterface": Kind(
        _legs,
        _remove_leg,
        takes="openstack:networking/port:Port",
    ),
    # A field of the router to the cloud. While it is set, no leg that a route needs can be removed.
    "openstack:networking/routerRoutesV2:RouterRoutesV2": Kind(
        _routers_with_routes, lambda cloud, item: cloud.network.update_router(item, routes=[])
    ),
    "openstack:networking/floatingIp:FloatingIp": Kind(
        _floating_ips, lambda cloud, item: cloud.network.delete_ip(item)
    ),
    "openstack:compute/instance:Instance": Kind(
        lambda cloud, inputs: cloud.compute.servers(name=f"^{inputs['name']}$", all_projects=True),
        _remove_server,
    ),
    "openstack:compute/volumeAttach:VolumeAttach": Kind(_attachments, _detach),
    "openstack:compute/keypair:Keypair": Kind(
        _keypairs, lambda cloud, item: cloud.compute.delete_keypair(item, user_id=item.user_id)
    ),
    "openstack:compute/flavor:Flavor": Kind(
        lambda cloud, inputs: (f for f in cloud.compute.flavors(is_public=None) if f.name == inputs["name"]),
        lambda cloud, item: cloud.compute.delete_flavor(item),
    ),
    "openstack:images/image:Image": Kind(
        lambda cloud, inputs: cloud.image.images(name=inputs["name"]),
        lambda cloud, item: cloud.image.delete_image(item),
    ),
}


LEFT_ALONE = frozenset(
    {
        "openstack:blockstorage/quoteSetV3:QuoteSetV3",
        "openstack:blockstorage/volume:Volume",
        "openstack:compute/quotaSetV2:QuotaSetV2",
        "openstack:identity/inheritRoleAssignment:InheritRoleAssignment",
        "openstack:identity/roleAssignment:RoleAssignment",
        "openstack:networking/quotaV2:QuotaV2",
        "openstack:networking/subnetRoute:SubnetRoute",
        "pulumi:providers:openstack",
    }
)
"""Types of which nothing is removed: made twice they are the same, and they go with what they belong to.

A volume is removed by nobody but people: what seems left behind may be an older one of its name.
"""

BROKEN_WHEN_INCOMPLETE = frozenset({"openstack:compute/instance:Instance", "openstack:images/image:Image"})
"""Types that never get well by themselves once their creation has failed, as a server in ERROR."""


async def recover(
    pulumi: Pulumi, settings: Settings, stack: str, keeping: frozenset[str] | None = None
) -> list[str]:
    """Remove what an interrupted operation left behind; returns the URNs that must be replaced.

    Args:
        keeping: names of the planned volumes; `None` where volumes may go.

    Raises:
        CloudError: the state back end or the cloud refused, or a protected volume is not planned any more.
    """
    state = await pulumi.state(stack)
    require_volumes_stay(state, keeping)
    pending = state["deployment"].pop("pending_operations", None) or []
    resources = state["deployment"].get("resources") or []
    if pending:
        await _forget(pulumi, settings, stack, state, pending)
    return [
        item["urn"] for item in resources if item.get("initErrors") and item["type"] in BROKEN_WHEN_INCOMPLETE
    ]


async def _forget(
    pulumi: Pulumi,
    settings: Settings,
    stack: str,
    state: dict[str, Any],
    pending: list[dict[str, Any]],
) -> None:
    creating = [operation["resource"] for operation in pending if operation["type"] == "creating"]
    if creating:
        resources = state["deployment"].get("resources") or []
        known = {_identity(item) for item in resources}
        gone = remove_orphans(openstack.connect(cloud=settings.cloud), creating, known)
        state["deployment"]["resources"] = [item for item in resources if _identity(item) not in gone]
    with NamedTemporaryFile("w", suffix=".json", dir=settings.home) as file:
        json.dump(state, file)
        file.flush()
        imported = await pulumi.alter(stack, "stack", "import", "--file", file.name)
    if imported.code != 0:
        raise CloudError(f"the state of stack {stack} cannot be mended: {imported.errors.strip()}")


def _identity(resource: dict[str, Any]) -> Identity:
    return resource["type"], resource.get("id")


def remove_orphans(
    cloud: Cloud, resources: Sequence[dict[str, Any]], known: Collection[Identity]
) -> set[Identity]:
    """Remove from the cloud what was being created, the youngest first: it may need those before it.

    Args:
        resources: as the state has pending ones, in the order in which they were begun.
        known: what is in the state, and is no orphan.

    Returns:
        What the state has and the cloud removed along with them.
    """
    gone = set[Identity]()
    for resource in reversed(resources):
        kind = KINDS.get(resource["type"])
        if kind is None:
            continue
        for item in kind.find(cloud, resource["inputs"]):
            if (resource["type"], item.id) not in known:
                kind.remove(cloud, item)
                gone.add((kind.takes, item.id))
    return gone
