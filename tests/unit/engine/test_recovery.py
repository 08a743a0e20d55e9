"""What a killed run was making: of every kind it is known how it is found, or that it may stay."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

from policies.resource import Resource
from policies.rules.known_kinds import PLATFORM, TENANT
from scripts.engine.recovery import KINDS, LEFT_ALONE, remove_orphans

ROUTES = "openstack:networking/routerRoutesV2:RouterRoutesV2"
LEG = "openstack:networking/routerInterface:RouterInterface"
READS = ("find_port", "find_router", "ports")
LEGS_PORT = "openstack:networking/port:Port"


def kind(token: str) -> str:
    return Resource(token, "", "", {}, None).kind


def cloud_with(**router: Any) -> Mock:  # noqa: ANN401 - the cloud's fields
    """A cloud with one router and its leg in one subnet."""
    cloud = Mock()
    cloud.network.find_router.return_value = SimpleNamespace(id="router", **router)
    port = SimpleNamespace(id="port", device_id="router", fixed_ips=[{"subnet_id": "subnet"}])
    cloud.network.ports.return_value = [port]
    return cloud


def test_every_kind_of_resource_is_either_removed_or_may_stay() -> None:
    assert {kind(token) for token in {*KINDS, *LEFT_ALONE}} == TENANT | PLATFORM
    assert not KINDS.keys() & LEFT_ALONE


def test_what_the_state_knows_by_another_type_is_an_orphan_still() -> None:
    """A leg has the id of its port, and routes that of their router, both of which the state knows."""
    cloud = cloud_with(routes=[{"destination": "198.18.0.2/32", "nexthop": "10.255.0.1"}])
    pending = [
        {"type": LEG, "inputs": {"routerId": "router", "portId": "port"}},
        {"type": ROUTES, "inputs": {"routerId": "router"}},
    ]
    known = {(LEGS_PORT, "port"), ("openstack:networking/router:Router", "router")}
    # Neutron removes the port of a leg with it, so that the state must not have it any more.
    assert remove_orphans(cloud, pending, known) & known == {(LEGS_PORT, "port")}
    changes = [call[0] for call in cloud.network.method_calls if call[0] not in READS]
    assert changes == ["update_router", "remove_interface_from_router"]


def test_a_leg_is_found_by_its_subnet_too() -> None:
    cloud = cloud_with()
    remove_orphans(cloud, [{"type": LEG, "inputs": {"routerId": "router", "subnetId": "subnet"}}], set())
    cloud.network.remove_interface_from_router.assert_called_once_with("router", port_id="port")


def test_what_the_state_knows_stays() -> None:
    cloud = cloud_with(routes=[])
    leg = {"type": LEG, "inputs": {"routerId": "router", "portId": "port"}}
    remove_orphans(cloud, [leg], {(LEG, "port")})
    remove_orphans(cloud, [{"type": ROUTES, "inputs": {"routerId": "router"}}], set())
    cloud.network.remove_interface_from_router.assert_not_called()
    cloud.network.update_router.assert_not_called()


def test_a_recovery_that_was_itself_interrupted_goes_on() -> None:
    """The leg is removed and its port with it, but the state still has the port."""
    cloud = cloud_with()
    cloud.network.find_port.return_value = None
    leg = {"type": LEG, "inputs": {"routerId": "router", "portId": "port"}}
    assert remove_orphans(cloud, [leg], {(LEGS_PORT, "port")}) == {(LEGS_PORT, "port")}
    cloud.network.remove_interface_from_router.assert_not_called()
