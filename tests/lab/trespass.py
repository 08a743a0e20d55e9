"""What no tenant may do, as data: calls of OpenStack's APIs, and the answers that refuse them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

FORBIDDEN, NOT_FOUND, CONFLICT = HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT
TOO_MUCH = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
"""Cinder's word for what the quota does not hold."""
HIDDEN = (FORBIDDEN, NOT_FOUND)
"""Of what belongs to others, a cloud may deny that it is there."""


@dataclass(frozen=True)
class Call:
    """One call that must be refused.

    Attributes:
        request: method, the SDK's name of the API, path; `{name}` stands for what differs between
            tenants, so too in the body's texts.
        refusals: the answers that refuse it.
    """

    name: str
    request: str
    body: Any = None
    refusals: tuple[HTTPStatus, ...] = (FORBIDDEN,)


def filled(value: Any, facts: Mapping[str, str]) -> Any:  # noqa: ANN401 - a body holds anything
    """A request or body with the names in braces replaced."""
    match value:
        case str():
            return value.format(**facts)
        case list():
            return [filled(item, facts) for item in value]
        case dict():
            return {key: filled(item, facts) for key, item in value.items()}
    return value


def _share(kind: str, identifier: str, target: str) -> dict[str, Any]:
    policy = {"object_type": kind, "object_id": identifier, "target_tenant": target}
    return {"rbac_policy": {**policy, "action": "access_as_shared"}}


def _new(kind: str, /, **values: object) -> dict[str, Any]:
    return {kind: {"name": "zz-forbidden", **values}}


def _port(network: str = "{network}", **values: object) -> dict[str, Any]:
    return _new("port", network_id=network, **values)


WIRE = {
    "provider:network_type": "vlan",
    "provider:physical_network": "vpn",
    "provider:segmentation_id": 150,
}
UNGUARDED: dict[str, Any] = {"port_security_enabled": False, "security_groups": []}
EVERYBODY = [{"ip_address": "0.0.0.0/0"}]
ROUTE = [{"destination": "10.0.0.0/8", "nexthop": "{gateway}"}]
OUTSIDE = {"external_gateway_info": {"network_id": "{external}"}}
TOO_MANY = {"networks": [{"name": "zz-forbidden"}] * 50}
MAC = "fa:16:3e:00:00:01"
RULE = {"direction": "ingress", "ethertype": "IPv4", "remote_ip_prefix": "0.0.0.0/0"}
FOR_ALL = {**RULE, "used_in_default_sg": True, "used_in_non_default_sg": True}
OTHERS_RULE = {**RULE, "security_group_id": "{other_group}"}
SERVER = {
    "imageRef": "{image}",
    "flavorRef": "{flavor}",
    "networks": [{"uuid": "{network}"}],
    "availability_zone": "nova:labhost",
}
TRUST = {
    "trustor_user_id": "{user}",
    "trustee_user_id": "{other_user}",
    "project_id": "{project}",
    "roles": [{"id": "{member}"}],
    "impersonation": False,
}

A_VOLUME = {"volume": {"name": "zz-forbidden", "size": 1, "volume_type": "standard"}}
TOO_LARGE = {"volume": {"name": "zz-forbidden", "size": 9999, "volume_type": "standard"}}
OTHER_TYPE = {"volume": {"name": "zz-forbidden", "size": 1, "volume_type": "sensitive"}}

VOLUMES = (
    Call(
        "raise the volume quota",
        "PUT block_storage /os-quota-sets/{project}",
        {"quota_set": {"gigabytes": 9999}},
    ),
    Call("drop the volume quota", "DELETE block_storage /os-quota-sets/{project}"),
    Call("make a volume beyond the quota", "POST block_storage /volumes", TOO_LARGE, (TOO_MUCH,)),
    Call("make a volume for other data", "POST block_storage /volumes", OTHER_TYPE, (TOO_MUCH,)),
    Call("make a volume type", "POST block_storage /types", _new("volume_type")),
)

SHARING = (
    Call(
        "give a network to another",
        "POST network /rbac-policies",
        _share("network", "{network}", "{other_project}"),
    ),
    Call("give a network to all", "POST network /rbac-policies", _share("network", "{network}", "*")),
    Call(
        "give a security group",
        "POST network /rbac-policies",
        _share("security_group", "{group}", "{other_project}"),
    ),
    Call("make a shared network", "POST network /networks", _new("network", shared=True)),
    Call("share the network", "PUT network /networks/{network}", {"network": {"shared": True}}),
    Call("give an image", "POST image /images/{own_image}/members", {"member": "{other_project}"}),
    Call("make a public image", "POST image /images", {"name": "zz-forbidden", "visibility": "public"}),
    Call("make a community image", "POST image /images", {"name": "zz-forbidden", "visibility": "community"}),
    Call("delete the platform's image", "DELETE image /images/{image}"),
)

NETWORKS = (
    Call("make an external network", "POST network /networks", _new("network", **{"router:external": True})),
    Call(
        "make the network external", "PUT network /networks/{network}", {"network": {"router:external": True}}
    ),
    Call("take a wire of the building", "POST network /networks", _new("network", **WIRE)),
    Call("make an address scope", "POST network /address-scopes", _new("address_scope", ip_version=4)),
    Call("make a subnet pool", "POST network /subnetpools", _new("subnetpool", prefixes=["10.0.0.0/8"])),
    Call("delete another's network", "DELETE network /networks/{other_network}", refusals=HIDDEN),
    Call(
        "open another's security group",
        "POST network /security-group-rules",
        {"security_group_rule": OTHERS_RULE},
        HIDDEN,
    ),
    Call(
        "make a default rule",
        "POST network /default-security-group-rules",
        {"default_security_group_rule": FOR_ALL},
    ),
)

PORTS = (
    Call("make an unguarded network", "POST network /networks", _new("network", port_security_enabled=False)),
    Call(
        "unguard the network",
        "PUT network /networks/{network}",
        {"network": {"port_security_enabled": False}},
    ),
    Call("make an unguarded port", "POST network /ports", _port(**UNGUARDED)),
    Call("unguard a host's port", "PUT network /ports/{port}", {"port": UNGUARDED}),
    Call(
        "send from every address", "PUT network /ports/{port}", {"port": {"allowed_address_pairs": EVERYBODY}}
    ),
    Call("make a port with every address", "POST network /ports", _port(allowed_address_pairs=EVERYBODY)),
    Call("bring a hardware address", "POST network /ports", _port(mac_address=MAC)),
    Call("change a hardware address", "PUT network /ports/{port}", {"port": {"mac_address": MAC}}),
    Call("pose as a DHCP server", "POST network /ports", _port(device_owner="network:dhcp")),
    Call("pass by the switch", "POST network /ports", _port(**{"binding:vnic_type": "direct"})),
    Call("stand on the backbone", "POST network /ports", _port("{backbone}"), HIDDEN),
    Call("stand in another's network", "POST network /ports", _port("{other_network}"), HIDDEN),
    Call("make a trunk", "POST network /trunks", {"trunk": {"port_id": "{port}", "sub_ports": []}}),
    Call(
        "give a host a second leg",
        "POST compute /servers/{server}/os-interface",
        {"interfaceAttachment": {"net_id": "{network}"}},
    ),
)

ROUTERS = (
    Call("make a router", "POST network /routers", _new("router")),
    Call("make a way outside", "POST network /routers", _new("router", **OUTSIDE)),
    Call("give the router a way outside", "PUT network /routers/{router}", {"router": OUTSIDE}),
    Call("set the router's routes", "PUT network /routers/{router}", {"router": {"routes": ROUTE}}),
    Call("add a route", "PUT network /routers/{router}/add_extraroutes", {"router": {"routes": ROUTE}}),
    Call(
        "add a leg on the backbone",
        "PUT network /routers/{router}/add_router_interface",
        {"subnet_id": "{backbone_subnet}"},
        HIDDEN,
    ),
    Call("remove a leg", "PUT network /routers/{router}/remove_router_interface", {"subnet_id": "{subnet}"}),
    Call("delete the router", "DELETE network /routers/{router}"),
)

LIMITS = (
    Call("raise the network quota", "PUT network /quotas/{project}", {"quota": {"network": 1000}}),
    Call("remove the network quota", "DELETE network /quotas/{project}"),
    Call("raise the compute quota", "PUT compute /os-quota-sets/{project}", {"quota_set": {"cores": 1000}}),
    Call("remove the compute quota", "DELETE compute /os-quota-sets/{project}"),
    Call("make networks over the quota", "POST network /networks", TOO_MANY, (CONFLICT,)),
    Call("make a flavor", "POST compute /flavors", _new("flavor", ram=64, vcpus=1, disk=1)),
    Call("choose the machine", "POST compute /servers", _new("server", **SERVER)),
    Call("delete another's server", "DELETE compute /servers/{other_server}", refusals=HIDDEN),
)

IDENTITY = (
    Call("make a project", "POST identity /projects", _new("project")),
    Call("make a user", "POST identity /users", _new("user")),
    Call("become administrator", "PUT identity /projects/{project}/users/{user}/roles/{admin}"),
    Call(
        "join another project",
        "PUT identity /projects/{other_project}/users/{user}/roles/{member}",
        refusals=HIDDEN,
    ),
    Call(
        "let another in",
        "PUT identity /projects/{project}/users/{other_user}/roles/{member}",
        refusals=HIDDEN,
    ),
    Call("hand on its rights", "POST identity /OS-TRUST/trusts", {"trust": TRUST}),
    Call("change its project", "PATCH identity /projects/{project}", {"project": {"enabled": False}}),
)

SUBNET = {"network_id": "{network}", "ip_version": 4, "cidr": "10.9.9.0/24"}
HOST = {key: value for key, value in SERVER.items() if key != "availability_zone"}
OWN_RULE = {**RULE, "security_group_id": "{group}"}

STAFF = (
    Call("make a volume", "POST block_storage /volumes", A_VOLUME),
    Call("make a network", "POST network /networks", _new("network")),
    Call("rename the network", "PUT network /networks/{network}", {"network": {"name": "zz-forbidden"}}),
    Call("delete the network", "DELETE network /networks/{network}"),
    Call("make a subnet", "POST network /subnets", _new("subnet", **SUBNET)),
    Call("change the subnet", "PUT network /subnets/{subnet}", {"subnet": {"enable_dhcp": False}}),
    Call("delete the subnet", "DELETE network /subnets/{subnet}"),
    Call("make a port", "POST network /ports", _port()),
    Call("change a host's groups", "PUT network /ports/{port}", {"port": {"security_groups": ["{group}"]}}),
    Call("delete a host's port", "DELETE network /ports/{port}"),
    Call("make a security group", "POST network /security-groups", _new("security_group")),
    Call("open the security group", "POST network /security-group-rules", {"security_group_rule": OWN_RULE}),
    Call("take a rule away", "DELETE network /security-group-rules/{rule}"),
    Call("delete the security group", "DELETE network /security-groups/{group}"),
    Call(
        "take an address outside",
        "POST network /floatingips",
        {"floatingip": {"floating_network_id": "{external}"}},
    ),
    Call("make a host", "POST compute /servers", _new("server", **HOST)),
    Call("delete a host", "DELETE compute /servers/{server}"),
    Call(
        "build a host anew", "POST compute /servers/{server}/action", {"rebuild": {"imageRef": "{own_image}"}}
    ),
    Call("enlarge a host", "POST compute /servers/{server}/action", {"resize": {"flavorRef": "{flavor}"}}),
    Call("boot another image", "POST compute /servers/{server}/action", {"rescue": {}}),
    Call("take a host's leg", "DELETE compute /servers/{server}/os-interface/{port}"),
)
"""What the tenant's own people may not do either: only its deployment user builds, from the plan."""

CALLS = (*SHARING, *NETWORKS, *PORTS, *ROUTERS, *LIMITS, *VOLUMES, *IDENTITY)
