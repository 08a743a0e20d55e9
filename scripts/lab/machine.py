"""The lab's second machine, for hosts with a kernel of their own: QEMU guests beside the container hosts.

Nova's libvirt driver runs one kind of guest, and OVN binds a port only on the chassis that bears the name
of the port's compute service. So the second kind needs a compute service, a libvirtd, a virtual switch and an
ovn-controller of its own. They live in a network, mount and host-name namespace inside the box, joined to
the first machine by wires (veth pairs), one a bridge: what a switch is between real machines.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import yaml

from scripts.lab import config, machine_image, networks, seed
from scripts.lab.networks import PROVIDER_NETWORKS, VLAN_BRIDGE, VLAN_NETWORK
from scripts.lab.service import Node, NovaReport, Probe, Running, Service, Task, UnixSocket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.lab.box import Box
    from scripts.lab.paths import Lab

HOSTNAME = config.VM_HOSTNAME

CHASSIS_MAC = "0e:00:00:00:00:02"
"""As `networks.CHASSIS_MAC`: each chassis needs one of its own."""

NETNS = "vm"
TUNNEL_BRIDGE = "br-tunnels"
# TEST-NET-1 (RFC 5737): the two ends of the tunnels that carry tenants' networks between the machines.
_FIRST_END, _SECOND_END, _PREFIX = networks.TUNNEL_END, "192.0.2.2", 30
_FOLDER = "/run/machine"
_NAMESPACES = f"{_FOLDER}/ns"
_SWITCH = f"unix:{_FOLDER}/openvswitch/db.sock"
# What stands in for the first machine's folders: path, and whether it survives in the lab's state.
_OWN_RUN = ("openvswitch", "libvirt")
_OWN_STATE = {
    "/var/lib/libvirt": "libvirt-vm",
    "/var/log/libvirt": "log/libvirt-vm",
    "/etc/libvirt": "etc/libvirt-vm",
}


def inside(*argv: str, network: bool = True) -> tuple[str, ...]:
    """`argv` as the box must call it to run on the second machine, or with its files and name alone."""
    net = (f"--net=/run/netns/{NETNS}",) if network else ()
    return ("nsenter", f"--mount={_NAMESPACES}/mnt", f"--uts={_NAMESPACES}/uts", *net, "--", *argv)


def make_network(box: Box) -> None:
    """Its network, still without wires, and the folders that it has to itself."""
    if box.run(["ip", "-n", NETNS, "link", "show", "lo"]).returncode:
        box.do(["ip", "netns", "add", NETNS])
    box.do(["ip", "-n", NETNS, "link", "set", "lo", "up"])
    for source in _OWN_STATE.values():
        (box.lab.state / source).mkdir(parents=True, exist_ok=True)
    box.do(["mkdir", "-p", *(f"{_FOLDER}/{name}" for name in _OWN_RUN)])


def _keeper(state: Path) -> tuple[str, ...]:
    """The process that keeps its namespaces, with its own view of devices, its own folders and its name.

    They are entered through the process: the kernel (6.18) refuses every other time to pin a mount namespace
    to a file, as its numbers are no longer in order.
    """
    binds = {f"/run/{name}": f"{_FOLDER}/{name}" for name in _OWN_RUN}
    binds |= {target: str(state / source) for target, source in _OWN_STATE.items()}
    mounts = "".join(f"mount --bind '{source}' {target}\n" for target, source in binds.items())
    script = (
        f"umount --lazy --recursive /sys\nmount -t sysfs sysfs /sys\n{mounts}hostname {HOSTNAME}\n"
        f"ln -sfn /proc/$$/ns {_NAMESPACES}\nexec sleep infinity\n"
    )
    return ("unshare", "--mount", "--uts", "--propagation", "private", "sh", "-ec", script)


def describe_chassis(box: Box) -> None:
    """Tell its switch who it is and its ovn-controller where it belongs."""
    ids = networks.chassis_ids(HOSTNAME, _SECOND_END, CHASSIS_MAC)
    words = [f'external-ids:{key}="{value}"' for key, value in ids.items()]
    box.do(
        ["ovs-vsctl", f"--db={_SWITCH}", "--no-wait", "--", "init", "--", "set", "Open_vSwitch", ".", *words]
    )


def lay_wires(box: Box) -> None:
    """The second machine's bridges, each joined to the first machine's of the same name."""
    networks.make_bridge(box, "br-int", _SWITCH, secure=True)
    networks.make_bridge(box, TUNNEL_BRIDGE)
    bridges = {network.name: network.bridge for network in PROVIDER_NETWORKS}
    for name, bridge in (bridges | {VLAN_NETWORK: VLAN_BRIDGE, "tunnels": TUNNEL_BRIDGE}).items():
        networks.make_bridge(box, bridge, _SWITCH)
        _lay_wire(box, f"wire-{name}", bridge)
    for netns, address in (("box", _FIRST_END), (NETNS, _SECOND_END)):
        box.do(["ip", "addr", "replace", f"{address}/{_PREFIX}", "dev", TUNNEL_BRIDGE], netns=netns)
        box.do(["ip", "link", "set", TUNNEL_BRIDGE, "up"], netns=netns)


def _lay_wire(box: Box, wire: str, bridge: str) -> None:
    if box.run(["ip", "link", "show", wire], netns=NETNS).returncode:
        box.run(["ip", "link", "del", wire])
        box.do(["ip", "link", "add", wire, "type", "veth", "peer", "name", wire, "netns", NETNS])
    for netns, switch in (("box", networks.SWITCH), (NETNS, _SWITCH)):
        # The userspace datapath does not fill in checksums that a sender left to its device.
        box.do(["ethtool", "-K", wire, "tx", "off"], netns=netns)
        box.do(["ip", "link", "set", wire, "up"], netns=netns)
        box.do(["ovs-vsctl", f"--db={switch}", "-t", "20", "--may-exist", "add-port", bridge, wire])


@contextmanager
def offered(path: Path, classification: str) -> Iterator[None]:
    """Place data of a class on this machine's hosts, and take it back: what operators write.

    Args:
        path: the platform file.
    """
    before = path.read_text(encoding="utf-8")
    platform = yaml.safe_load(before)
    platform["cloud"]["zone_images"] = {config.VM_ZONE: machine_image.NAME}
    platform["classifications"][classification]["availability_zone"] = config.VM_ZONE
    path.write_text(yaml.safe_dump(platform, allow_unicode=True, sort_keys=False), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")


def nodes(lab: Lab, minder: tuple[str, ...]) -> tuple[Node, ...]:
    """What runs on the second machine; nothing in a lab that has container hosts alone.

    Args:
        minder: the program that looks after taps and the switch, as on the first machine.
    """
    if not lab.own_kernel:
        return ()
    local = "unix:/run/openvswitch/db.sock"
    switchd = inside("ovs-vswitchd", local, "--disable-system", "--pidfile=/run/openvswitch/ovs-vswitchd.pid")
    # Its files beside those of the first one, whose folder it also reads the southbound database from.
    controller = inside("ovn-controller", local, f"--pidfile={_FOLDER}/ovn-controller.pid")
    rundir = {"OVN_RUNDIR": _FOLDER}
    database = (
        "ovsdb-server",
        f"{lab.state}/ovs-vm.db",
        f"--remote=p{_SWITCH}",
        f"--unixctl={_FOLDER}/ovsdb.ctl",
    )
    compute = inside("nova-compute", "--config-file", f"{lab.config}/nova-vm.conf", network=False)
    return (
        Task("vm-network", make_network, ("namespaces",)),
        Service(
            "vm-machine", _keeper(lab.state), Probe(inside("test", "-L", _NAMESPACES)), ("vm-network",), NETNS
        ),
        Service(
            "vm-ovsdb",
            database,
            UnixSocket(f"{_FOLDER}/openvswitch/db.sock"),
            ("vm-machine", "ovs-databases"),
        ),
        Task("vm-chassis", describe_chassis, ("vm-ovsdb",)),
        Service(
            "vm-ovs-vswitchd",
            switchd,
            Probe(inside("ovs-appctl", "-t", "ovs-vswitchd", "version")),
            ("vm-chassis",),
        ),
        Task("vm-wires", lay_wires, ("vm-ovs-vswitchd", "bridges")),
        Service(
            "vm-ovn-controller",
            controller,
            Probe(("env", f"OVN_RUNDIR={_FOLDER}", "ovn-appctl", "-t", "ovn-controller", "version")),
            ("vm-wires", "ovn-sb"),
            env=rundir,
        ),
        Service(
            "vm-libvirtd",
            inside("libvirtd", "--pid-file", "/run/libvirt/libvirtd.pid"),
            Probe(inside("virsh", "-c", "qemu:///system", "version")),
            ("vm-machine",),
        ),
        Service("vm-minder", inside(*minder), Running(), ("vm-libvirtd", "vm-ovsdb")),
        Service(
            "vm-nova-compute",
            compute,
            NovaReport("nova-compute", f"compute.{HOSTNAME}", HOSTNAME),
            ("mariadb", "rabbitmq", "identity", "vm-libvirtd", "nova-conductor"),
        ),
        Task("vm-hosts", seed.register_second_compute, ("hosts", "vm-nova-compute"), once=True),
    )
