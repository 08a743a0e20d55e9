"""How the floor's objects are made and removed: one entry a kind, the calls of openstacksdk behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openstack import exceptions

from scripts.bench.floor import Body

Cloud = Any
"""An `openstack.connection.Connection`; its proxies are assembled at run time, so types do not help."""


@dataclass(frozen=True)
class Kind:
    """How objects of one kind are made and removed.

    Attributes:
        make: returns the id.
        remove: takes it.
    """

    make: Callable[[Cloud, Body], str]
    remove: Callable[[Cloud, str], object]


def _named(service: str, singular: str) -> Kind:
    """An object that one call makes whole."""
    return Kind(
        lambda cloud, body: str(getattr(getattr(cloud, service), f"create_{singular}")(**body).id),
        lambda cloud, item: getattr(getattr(cloud, service), f"delete_{singular}")(item),
    )


def _tagged(singular: str) -> Kind:
    """An object of Neutron, whose tags take a second call."""

    def make(cloud: Cloud, body: Body) -> str:
        rest = {name: value for name, value in body.items() if name != "tags"}
        made = getattr(cloud.network, f"create_{singular}")(**rest)
        cloud.network.set_tags(made, body["tags"])
        return str(made.id)

    return Kind(make, _named("network", singular).remove)


def _empty_group(cloud: Cloud, body: Body) -> str:
    about = {name: value for name, value in body.items() if name != "tags"}
    group = cloud.network.create_security_group(**about)
    for rule in group.security_group_rules:
        cloud.network.delete_security_group_rule(rule["id"])
    cloud.network.set_tags(group, body["tags"])
    return str(group.id)


def _assign(cloud: Cloud, body: Body) -> str:
    holder = "user" if "user" in body else "group"
    getattr(cloud.identity, f"assign_project_role_to_{holder}")(body["project"], body[holder], body["role"])
    return str(body[holder])


def _assign_below(cloud: Cloud, body: Body) -> str:
    cloud.identity.assign_project_role_to_group(body["project"], body["group"], body["role"], inherited=True)
    return str(body["group"])


def _network_quota(cloud: Cloud, body: Body) -> str:
    limits = {name: value for name, value in body.items() if name != "project"}
    cloud.network.update_quota(body["project"], **limits)
    return str(body["project"])


def _compute_quota(cloud: Cloud, body: Body) -> str:
    limits = {name: value for name, value in body.items() if name != "project"}
    cloud.compute.update_quota_set(body["project"], **limits)
    return str(body["project"])


def _volume_quota(cloud: Cloud, body: Body) -> str:
    limits = {name: value for name, value in body.items() if name != "project"}
    answer = cloud.block_storage.put(f"/os-quota-sets/{body['project']}", json={"quota_set": limits})
    exceptions.raise_from_response(answer)
    return str(body["project"])


def _join(cloud: Cloud, body: Body) -> str:
    cloud.network.add_interface_to_router(body["router"], port=body["port"])
    return f"{body['router']} {body['port']}"


def _part(cloud: Cloud, item: str) -> None:
    router, port = item.split()
    cloud.network.remove_interface_from_router(router, port=port)


def _add_routes(cloud: Cloud, body: Body) -> str:
    cloud.network.add_extra_routes_to_router(body["router"], {"router": {"routes": body["routes"]}})
    return str(body["router"])


def _goes_along(cloud: Cloud, item: str) -> None:
    """What vanishes with the object that it belongs to."""


KINDS: dict[str, Kind] = {
    "Project": _named("identity", "project"),
    "GroupV3": _named("identity", "group"),
    "User": _named("identity", "user"),
    "RoleAssignment": Kind(_assign, _goes_along),
    "InheritRoleAssignment": Kind(_assign_below, _goes_along),
    "QuotaV2": Kind(_network_quota, lambda cloud, item: cloud.network.delete_quota(item)),
    "QuotaSetV2": Kind(_compute_quota, lambda cloud, item: cloud.compute.revert_quota_set(item)),
    "QuoteSetV3": Kind(
        _volume_quota, lambda cloud, item: cloud.block_storage.delete(f"/os-quota-sets/{item}")
    ),
    "SecGroup": Kind(_empty_group, _named("network", "security_group").remove),
    "SecGroupRule": Kind(_named("network", "security_group_rule").make, _goes_along),
    "Network": _tagged("network"),
    "Subnet": _named("network", "subnet"),
    "Router": _tagged("router"),
    "Port": _named("network", "port"),
    "RouterInterface": Kind(_join, _part),
    "RouterRoutesV2": Kind(_add_routes, lambda cloud, item: cloud.network.update_router(item, routes=[])),
}
