"""What lies under Neutron: the OVS and OVN databases, the bridges, and the networks of the provider."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from ipaddress import ip_interface
from typing import TYPE_CHECKING

from scripts.lab.config import HOSTNAME, SERVICES_ADDRESS

if TYPE_CHECKING:
    from scripts.lab.box import Box

_SCHEMAS = {
    "ovs": "/usr/share/openvswitch/vswitch.ovsschema",
    "ovn-nb": "/usr/share/ovn/ovn-nb.ovsschema",
    "ovn-sb": "/usr/share/ovn/ovn-sb.ovsschema",
}


@dataclass(frozen=True)
class ProviderNetwork:
    """A network outside the cloud: Neutron's physical network, its bridge, and what stands on the other side.

    Attributes:
        name: physical network, bridge suffix and Neutron network at once.
        bridge: OVS bridge.
        netns: network namespace on the far side.
        address: of that far side, with its prefix length.
        cidr: the subnet.
        gateway: the subnet's gateway as Neutron hands it out.
        pool: first and last address that Neutron may give away.
        external: whether routers may take it as their gateway network.
    """

    name: str
    bridge: str
    netns: str
    address: str
    cidr: str
    gateway: str
    pool: tuple[str, str]
    external: bool

    @property
    def mac_address(self) -> str:
        """Of the far side: the same at each start, since OVN forgets no neighbour by itself (MAC_Binding).

        Locally administered (IEEE 802), and made of the address, so that no two networks share one.
        """
        return ":".join(f"{byte:02x}" for byte in b"\x02\x00" + ip_interface(self.address).packed)


# 203.0.113.0/24 is TEST-NET-3 (RFC 5737), 198.18.0.0/24 part of the benchmark range (RFC 2544).
PROVIDER_NETWORKS = (
    ProviderNetwork(
        name="public",
        bridge="br-ex",
        netns="upstream",
        address="203.0.113.1/24",
        cidr="203.0.113.0/24",
        gateway="203.0.113.1",
        pool=("203.0.113.10", "203.0.113.250"),
        external=True,
    ),
    ProviderNetwork(
        name="services",
        bridge="br-svc",
        netns="services",
        address=f"{SERVICES_ADDRESS}/24",
        cidr="198.18.0.0/24",
        gateway="198.18.0.1",
        pool=("198.18.0.100", "198.18.0.200"),
        external=False,
    ),
)


VLAN_NETWORK = "vpn"
"""The physical network of departments with VLANs of their own (虚拟专网), as ML2 knows it."""

VLAN_BRIDGE = "br-vpn"
"""Stands for the operators' switches: frames carry the tag, and a line is a port with that tag."""

CHASSIS_MAC = "0e:00:00:00:00:01"
"""What routed frames come from on networks that no router has for its gateway.

OVN would send the router's own from every chassis, and take answers on one alone: the switch between them
would bring an answer to the chassis that spoke last, which drops it.
"""

SWITCH = "unix:/run/openvswitch/db.sock"
"""The database of the first machine's virtual switch."""

TUNNEL_END = "192.0.2.1"
"""Where tunnels from a second machine (`machine.py`) end; TEST-NET-1 (RFC 5737)."""


def make_databases(box: Box) -> None:
    """Create the OVSDB files that are not there yet."""
    wanted = _SCHEMAS | ({"ovs-vm": _SCHEMAS["ovs"]} if box.lab.own_kernel else {})
    for name, schema in wanted.items():
        target = box.lab.state / f"{name}.db"
        if not target.exists():
            draft = target.with_suffix(".draft")
            draft.unlink(missing_ok=True)
            subprocess.run(["ovsdb-tool", "create", draft, schema], check=True, capture_output=True)
            draft.rename(target)


def chassis_ids(hostname: str, tunnel_end: str, mac: str) -> dict[str, str]:
    """What ovn-controller reads of its machine's switch: who it is, where it belongs, what it reaches."""
    bridges = {network.name: network.bridge for network in PROVIDER_NETWORKS} | {VLAN_NETWORK: VLAN_BRIDGE}
    inner = [VLAN_NETWORK, *(network.name for network in PROVIDER_NETWORKS if not network.external)]
    return {
        "system-id": f"{hostname}-chassis",
        "hostname": hostname,
        "ovn-remote": "unix:/run/ovn/ovnsb_db.sock",
        "ovn-encap-type": "geneve",
        "ovn-encap-ip": tunnel_end,
        "ovn-bridge": "br-int",
        "ovn-bridge-datapath-type": "netdev",
        "ovn-bridge-mappings": ",".join(f"{name}:{bridge}" for name, bridge in bridges.items()),
        "ovn-chassis-mac-mappings": ",".join(f"{name}:{mac}" for name in inner),
        "ovn-monitor-all": "true",
    }


def describe_chassis(box: Box) -> None:
    """Tell OVS who it is and ovn-controller where it belongs."""
    end = TUNNEL_END if box.lab.own_kernel else "127.0.0.1"
    own = {"system-id": "labchassis", "ovn-cms-options": "enable-chassis-as-gw"}
    ids = chassis_ids(HOSTNAME, end, CHASSIS_MAC) | own
    words = [f'external-ids:{key}="{value}"' for key, value in ids.items()]
    box.do(["ovs-vsctl", "--no-wait", "--", "init", "--", "set", "Open_vSwitch", ".", *words])


def make_bridge(box: Box, bridge: str, switch: str = SWITCH, *, secure: bool = False) -> None:
    """A bridge of the userspace datapath; a `secure` one passes nothing that no flow allows."""
    settings = ["fail-mode=secure", "other-config:disable-in-band=true"] if secure else []
    kind = ["set", "bridge", bridge, "datapath_type=netdev", *settings]
    box.do(["ovs-vsctl", f"--db={switch}", "-t", "20", "--may-exist", "add-br", bridge, "--", *kind])


def make_bridges(box: Box) -> None:
    """The integration bridge, one a provider network with its far side plugged in, and one for VLANs."""
    make_bridge(box, "br-int", secure=True)
    for bridge in (*(network.bridge for network in PROVIDER_NETWORKS), VLAN_BRIDGE):
        make_bridge(box, bridge)
    for network in PROVIDER_NETWORKS:
        box.do(["ovs-vsctl", "-t", "20", "--may-exist", "add-port", network.bridge, _plug(network)])


def make_namespaces(box: Box) -> None:
    """The far sides; one that is half made, as after a kill, is made anew."""
    for network in PROVIDER_NETWORKS:
        netns, plug = network.netns, _plug(network)
        if network.address in box.run(["ip", "-n", netns, "addr", "show", "eth0"]).stdout:
            continue
        box.run(["ip", "netns", "del", netns])
        box.do(["ip", "netns", "add", netns])
        far = ("name", "eth0", "address", network.mac_address, "netns", netns)
        box.do(["ip", "link", "add", plug, "type", "veth", "peer", *far])
        # The userspace datapath does not fill in checksums that a sender left to its device.
        box.do(["ethtool", "-K", plug, "tx", "off"])
        box.do(["ethtool", "-K", "eth0", "tx", "off"], netns=netns)
        for device in ("lo", "eth0"):
            box.do(["ip", "-n", netns, "link", "set", device, "up"])
        box.do(["ip", "link", "set", plug, "up"])
        box.do(["ip", "-n", netns, "addr", "add", network.address, "dev", "eth0"])
        if not network.external:
            box.do(["ip", "-n", netns, "route", "add", "default", "via", network.gateway])


def _plug(network: ProviderNetwork) -> str:
    return f"up-{network.name}"
