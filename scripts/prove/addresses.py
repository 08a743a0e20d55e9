"""Addresses that the plan cannot know: floating IPs, and the metadata ports that Neutron makes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from scripts.access.connection import connected
from scripts.engine.outputs import DeployedZone
from stacks.plan.model import Plan
from stacks.plan.reachability import BASTION, hosts

METADATA_OWNERS = ("network:distributed", "network:dhcp")
"""Device owners of the ports behind which a network's metadata service listens (OVN; agents)."""


def addresses(plan: Plan, outputs: DeployedZone, cloud: str) -> dict[str, IPv4Address]:
    """The address of every target that has none in the plan, by the target's name.

    A target that does not exist in this cloud (a network without a metadata port) is absent.

    Raises:
        CloudError: Neutron does not answer.
    """
    return {**dict(_floating(plan, outputs)), **_metadata(outputs, cloud)}


def _floating(plan: Plan, outputs: DeployedZone) -> Iterator[tuple[str, IPv4Address]]:
    yield f"platform/{BASTION}#public", IPv4Address(outputs.platform.bastion_address)
    for tenant, host in hosts(plan):
        built = outputs.tenants[tenant.id].hosts[host.key]
        if built.floating_address:
            yield f"{tenant.id}/{host.segment}/{host.key}#public", IPv4Address(built.floating_address)


def _metadata(outputs: DeployedZone, cloud: str) -> dict[str, IPv4Address]:
    networks = {
        network: f"{tenant}/{segment}/metadata"
        for tenant, built in outputs.tenants.items()
        for segment, network in built.networks.items()
    }
    with connected(cloud) as connection:
        ports = [port for owner in METADATA_OWNERS for port in connection.network.ports(device_owner=owner)]
    return {
        networks[port.network_id]: IPv4Address(port.fixed_ips[0]["ip_address"])
        for port in ports
        if port.network_id in networks and port.fixed_ips
    }
