"""What the machine must offer, asked before anything is changed; every problem is told at once."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from scripts.lab import box, cgroups, debian, packages, venv
from stacks.errors import MachineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.lab.paths import Lab

# In bytes. Measured: control plane 2.7 GiB; OpenStack, images, mirror and databases 1.4 GiB on disk.
MEMORY = 3 << 30
DISK = 4 << 30
# What a second machine (`machine.py`) adds. Measured: 0.3 GiB, and 0.6 GiB a small host.
OWN_KERNEL_MEMORY = 3 << 29
OWN_KERNEL_DISK = 2 << 30
# libvirt-python in the lock file must equal the release's libvirt.
RELEASE = "bookworm"
_NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "uts")
_DEVICES = ("/dev/loop-control", "/dev/net/tun")
# What libvirt's container driver insists on (source: libvirt, src/lxc/lxc_cgroup.c).
_V1_CONTROLLERS = frozenset({"cpuacct", "devices", "memory"})
_V2_CONTROLLERS = frozenset({"cpu", "memory"})


def problems(lab: Lab, *, own_kernel: bool = False, memory: int = 0, disk: int = 0) -> list[str]:
    """Why this machine cannot run the lab, each with what to do; empty when it can.

    Args:
        lab: which one.
        own_kernel: with the second machine.
        memory: needed beside the lab, in bytes.
        disk: the same.

    Missing packages are in the list only beside other problems: alone, `up` installs them.
    """
    found = [*_rights(), *_system(), *_devices(), *cgroup_layout(cgroups.detect())]
    found += _uv(lab)
    if not box.find(lab):
        needed = MEMORY + memory + (OWN_KERNEL_MEMORY if own_kernel else 0)
        found += [*_ports(lab), *_memory(psutil.virtual_memory().available, needed)]
    found += _disk(lab, DISK + disk + (OWN_KERNEL_DISK if own_kernel else 0))
    absent = packages.missing(packages.lists(own_kernel=own_kernel)) if found else ()
    if absent:
        found.append(f"packages are missing: run `{' '.join(packages.command(absent))}`")
    return found


def check(lab: Lab, *, own_kernel: bool = False, memory: int = 0, disk: int = 0) -> None:
    """Refuse a machine that cannot run the lab, and what else needs so much memory and disk, in bytes.

    Raises:
        MachineError: names every problem.
    """
    if found := problems(lab, own_kernel=own_kernel, memory=memory, disk=disk):
        listing = "".join(f"\n  {number}. {problem}" for number, problem in enumerate(found, 1))
        raise MachineError(f"this machine cannot run the lab:{listing}", "mend these, then run it again.")


def _rights() -> Iterator[str]:
    if os.geteuid() != 0:
        yield "it needs root, for namespaces and mounts of its own: run it with sudo"


def _system() -> Iterator[str]:
    if debian.codename() != RELEASE:
        yield f"it is made of Debian {RELEASE} packages, and this is {debian.codename() or 'another system'}"
    absent = [name for name in _NAMESPACES if not Path("/proc/self/ns", name).exists()]
    if absent:
        yield f"the kernel has no namespaces of kind {', '.join(absent)}: use another kernel"


def _devices() -> Iterator[str]:
    for device in _DEVICES:
        if not Path(device).exists():
            yield f"{device} is missing: load the kernel module, or give the container this device"


def cgroup_layout(trees: tuple[cgroups.Hierarchy, ...]) -> Iterator[str]:
    """What libvirt's containers would miss in these hierarchies."""
    if not trees:
        yield "no cgroup file system is mounted: mount cgroup2 on /sys/fs/cgroup"
        return
    needed, have = _V1_CONTROLLERS, {word for tree in trees for word in tree.options.split(",")}
    if trees[0].kind == "cgroup2":
        needed, have = _V2_CONTROLLERS, set((trees[0].mount / "cgroup.controllers").read_text().split())
    if absent := needed - have:
        names = ", ".join(sorted(absent))
        yield f"cgroup controllers are missing ({names}): enable them on the kernel's command line"


def _uv(lab: Lab) -> Iterator[str]:
    if not venv.is_built(lab) and not venv.find_uv():
        yield "uv, which installs OpenStack, is neither beside this Python nor on PATH: run `make setup`"


def _ports(lab: Lab) -> Iterator[str]:
    for name, port in lab.ports.forwarded.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                yield (
                    f"port {port} of 127.0.0.1 ({name}) is in use: end what `ss -ltnp sport = :{port}` "
                    "shows, or set GOVCLOUD_LAB_PORT_OFFSET"
                )


def _memory(available: int, needed: int) -> Iterator[str]:
    if available < needed:
        yield f"{available / 2**30:.1f} GiB of memory are free, and it needs {needed / 2**30:g} GiB"


def _disk(lab: Lab, needed: int) -> Iterator[str]:
    folder = next(parent for parent in (lab.cache, *lab.cache.parents) if parent.exists())
    free = shutil.disk_usage(folder).free
    if free < needed:
        yield f"{folder} has {free / 2**30:.1f} GiB free, and it needs {needed >> 30} GiB: set GOVCLOUD_CACHE"
