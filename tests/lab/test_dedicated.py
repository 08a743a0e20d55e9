"""A dedicated network (虚拟专网): its frames carry its VLAN, its router is its own, nobody else gets in."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Network
from pathlib import Path

import yaml

from scripts.access.deployment import Deployment, open_deployment
from scripts.lab.networks import VLAN_BRIDGE, VLAN_NETWORK
from stacks.settings import Settings
from tests.lab import throwaway
from tests.lab.conftest import Cloud, Command
from tests.lab.test_destroy import leftovers

NAME, SEGMENT, VLAN = "zz-dedicated", "imaging", 2101
STRANGER = "taihe-office-oa-1"

LAY = """set -e
ip netns add {netns}
ip link add {port} type veth peer name eth0 netns {netns}
ethtool -K {port} tx off
ip link set {port} up
ip -n {netns} link set eth0 up
ip -n {netns} addr add {address} dev eth0
ovs-vsctl add-port {bridge} {port} tag={vlan}
"""
REMOVE = """ovs-vsctl --if-exists del-port {bridge} {port}
ip link del {port}
ip netns del {netns}
"""


@contextmanager
def offered(govcloud: Command) -> Iterator[None]:
    """The operators give the tenant its VLAN, and take it back."""
    path = Path(govcloud.environment["GOVCLOUD_TENANTS"]) / "platform.yaml"
    before = path.read_text(encoding="utf-8")
    platform = yaml.safe_load(before)
    vlans = {f"{NAME}/{SEGMENT}": VLAN}
    platform["dedicated_networks"] = {"physical_network": VLAN_NETWORK, "vlans": vlans}
    path.write_text(yaml.safe_dump(platform, allow_unicode=True, sort_keys=False), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")


def request() -> dict[str, object]:
    """A host on the VLAN, an ordinary segment beside it, and a flow between the two."""
    content = throwaway.request(
        NAME,
        segments=[{"name": name, "zone": "internal", "size": 10} for name in (SEGMENT, "office")],
        dedicated_network={"segments": [SEGMENT], "reason": "imaging by line to seven hospitals"},
        flows=[{"from": "office", "to": SEGMENT, "service": "https"}],
    )
    return {**content, "hosts": [{"name": "node", "segment": SEGMENT, "flavor": "small"}]}


def in_box(govcloud: Command, script: str) -> str:
    ran = govcloud("lab", "shell", "--", "sh", "-c", script)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def answering(govcloud: Command, vlan: int, network: IPv4Network, host: str) -> str:
    """Lay a line with that VLAN to the operators' switch; how the kernel at its far end sees the host."""
    names = {"netns": f"far-{vlan}", "port": f"line-{vlan}", "bridge": VLAN_BRIDGE, "vlan": vlan}
    script = LAY.format(**names, address=f"{network[-2]}/{network.prefixlen}")
    try:
        in_box(govcloud, script)
        # Nobody may ping the host, but whoever is on its wire learns its hardware address.
        ask = f"ip netns exec {names['netns']} ping -c 3 -W 2 {host}"
        return in_box(govcloud, f"{ask}; ip -n {names['netns']} neigh show {host}")
    finally:
        govcloud("lab", "shell", "--", "sh", "-c", REMOVE.format(**names))


def reaches(deployment: Deployment, host: str, command: str) -> bool:
    full = ["ssh", "-F", str(deployment.ssh_config), host, command]
    return subprocess.run(full, capture_output=True, timeout=60, check=False).returncode == 0


def is_on_its_own(cloud: Cloud, project: str) -> None:
    """The network is the project's, on its VLAN, and alone on its router."""
    (network,) = cloud.network.networks(name=f"{NAME}-{SEGMENT}")
    assert (network.project_id, network.is_shared, network.is_port_security_enabled) == (project, False, True)
    wire = (network.provider_network_type, network.provider_physical_network)
    assert (*wire, network.provider_segmentation_id) == ("vlan", VLAN_NETWORK, VLAN)
    assert not list(cloud.network.rbac_policies(object_id=network.id))
    router = cloud.network.find_router(f"{NAME}-dedicated-internal", ignore_missing=False)
    assert router.project_id == project
    legs = {port.network_id for port in cloud.network.ports(device_id=router.id)}
    own = {item.id for item in cloud.network.networks(project_id=project)}
    assert legs & own == {network.id}


def test_a_dedicated_network_is_built_used_and_removed(
    deployment: Deployment, settings: Settings, cloud: Cloud, govcloud: Command
) -> None:
    servers = {server.id for server in cloud.compute.servers(all_projects=True)}
    with offered(govcloud), throwaway.tenant(govcloud, request()):
        built = govcloud("up", NAME)
        assert built.returncode == 0, built.stderr
        again = govcloud("up", NAME, "--json")
        assert {result["changed"] for result in json.loads(again.stdout)} == {0}
        project = cloud.identity.find_project(NAME, ignore_missing=False).id
        is_on_its_own(cloud, project)

        there = open_deployment(settings)
        tenant = there.plan.tenant(NAME)
        host, network = tenant.hosts[0], tenant.segment(SEGMENT).cidr
        assert reaches(there, host.name, "true"), "the operators' way through the bastion"
        (port,) = cloud.network.ports(name=host.name)
        assert f"lladdr {port.mac_address}" in answering(govcloud, VLAN, network, str(host.address))
        assert "lladdr" not in answering(govcloud, VLAN + 1, network, str(host.address))
        # SSH answers on the host, and the neighbour has nothing but the network between.
        assert reaches(deployment, STRANGER, "true")
        assert not reaches(deployment, STRANGER, f"timeout 5 bash -c '</dev/tcp/{host.address}/22'")

        new = {server.id for server in cloud.compute.servers(all_projects=True)} - servers
        removed = govcloud("destroy", NAME, "--yes")
        assert removed.returncode == 0, removed.stderr
        assert leftovers(cloud, project, new, NAME) == {}
        assert not [
            item for item in cloud.network.networks() if item.provider_physical_network == VLAN_NETWORK
        ]
