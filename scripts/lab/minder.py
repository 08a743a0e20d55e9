"""Looks after three weaknesses of container hosts on a userspace datapath, in the box, once a second.

1. ovs-vswitchd writes back link flags that it read before libvirt set the tap up: it stays down.
2. Nobody reads a container's console: after 4 KiB its process 1 would block. It is drained into
   `console.log`, which is also what `openstack console log show` shows.
3. OVS 3.1 dies (assertion in `conn_update_state`) of a connection that is translated to itself and goes on
   after its entry has expired: the connection tracker takes the second entry of the pair for the first.
   ovn-controller translates every connection so where OVSDB says that the datapath knows `ct_zero_snat`,
   and ovs-vswitchd says that some time after each start. It is taken back.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import struct
import subprocess
import time
import tty
import xml.etree.ElementTree as ET
from pathlib import Path

import libvirt

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1
_LAYOUT = "16sH14x"


def raise_taps(control: socket.socket) -> None:
    """Set every tap device up that is down."""
    for device in Path("/sys/class/net").glob("tap*"):
        name = device.name
        with contextlib.suppress(OSError):  # it went away meanwhile
            request = struct.pack(_LAYOUT, name.encode(), 0)
            flags = struct.unpack(_LAYOUT, fcntl.ioctl(control, _SIOCGIFFLAGS, request))[1]
            if not flags & _IFF_UP:
                fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack(_LAYOUT, name.encode(), flags | _IFF_UP))


def spare_the_switch() -> None:
    """Take the capability back that kills the switch."""
    vsctl = ["ovs-vsctl", "--no-wait", "--timeout=2"]
    find = [*vsctl, "--bare", "--columns=_uuid", "find", "Datapath", "capabilities:ct_zero_snat=true"]
    for datapath in subprocess.run(find, capture_output=True, text=True, check=False).stdout.split():
        set_false = [*vsctl, "set", "Datapath", datapath, "capabilities:ct_zero_snat=false"]
        subprocess.run(set_false, check=False)


class Consoles:
    """The consoles of the running container hosts."""

    def __init__(self) -> None:
        self.open: dict[str, tuple[int, str]] = {}
        self.connection: libvirt.virConnect | None = None

    def refresh(self) -> None:
        """Open the consoles of new hosts, close those of hosts that are gone."""
        if self.connection is None or not self.connection.isAlive():
            self.connection = libvirt.open("lxc:///")
        running = {domain.UUIDString(): domain for domain in self.connection.listAllDomains(1)}
        for uuid in running.keys() - self.open.keys():
            tree = ET.fromstring(running[uuid].XMLDesc())  # noqa: S314 - libvirt's own
            source, log = tree.find("./devices/console/source"), tree.find("./devices/console/log")
            if source is not None and log is not None:
                descriptor = os.open(source.attrib["path"], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
                tty.setraw(descriptor)
                self.open[uuid] = (descriptor, log.attrib["file"])
        for uuid in self.open.keys() - running.keys():
            os.close(self.open.pop(uuid)[0])

    def drain(self) -> None:
        """Move what the hosts wrote into their logs."""
        for descriptor, log in self.open.values():
            with contextlib.suppress(OSError):  # nothing there, or the host has just gone
                data = os.read(descriptor, 65536)
                with Path(log).open("ab") as stream:
                    stream.write(data)


def main() -> None:
    """Mind the hosts until the box ends."""
    libvirt.registerErrorHandler(lambda *_: None, None)
    control, consoles = socket.socket(), Consoles()
    while True:
        raise_taps(control)
        spare_the_switch()
        try:
            consoles.refresh()
        except libvirt.libvirtError as error:
            print(error, flush=True)  # noqa: T201 - stdout is this service's log
            consoles.connection = None
        for _ in range(5):
            consoles.drain()
            time.sleep(0.2)


if __name__ == "__main__":
    main()
