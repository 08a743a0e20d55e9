"""The lab's own branch of every cgroup hierarchy, so that `down` can prove that nothing is left.

Layouts: *v1* (a tree for each controller), *hybrid* (v1 plus a second, unified tree without controllers)
and *v2* (one unified tree). Source: cgroups(7), cgroup_namespaces(7).
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from stacks.errors import MachineError

# How long the kernel may take to let go of killed processes, in seconds.
_PATIENCE = 15.0


@dataclass(frozen=True)
class Hierarchy:
    """One mounted cgroup tree.

    Attributes:
        kind: `cgroup` (v1) or `cgroup2`.
        mount: where it is mounted on the machine.
        options: what mounts it again elsewhere, such as `cpu,cpuacct` or `none,name=systemd`.
        current: this process's own cgroup in it.
    """

    kind: str
    mount: Path
    options: str
    current: Path

    def describe(self) -> dict[str, str]:
        """What process 1 of the box needs to mount it."""
        return {"type": self.kind, "name": self.mount.name, "options": self.options}


def _own_paths(table: str) -> dict[str, str]:
    """Controller list → own path, from the text of /proc/self/cgroup."""
    rows = (line.split(":", 2) for line in table.splitlines())
    return {controllers: path for _, controllers, path in rows}


def parse(mountinfo: str, own: str) -> tuple[Hierarchy, ...]:
    """The hierarchies in the texts of /proc/self/{mountinfo,cgroup}; a hybrid's unified tree is left out."""
    paths, found = _own_paths(own), []
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        kind, _, words = right.split(" ", 2)
        if kind not in {"cgroup", "cgroup2"}:
            continue
        root, mount = left.split()[3:5]
        # Mount options hold flags beside the controllers; the process's own list has only these.
        key = next((one for one in paths if one and set(one.split(",")) <= set(words.split(","))), "")
        own_path = paths.get(key, "/")
        inside = os.path.relpath(own_path, root) if own_path.startswith(root) else "."
        options = f"none,{key}" if key.startswith("name=") else key
        found.append(Hierarchy(kind, Path(mount), options, Path(mount) / inside))
    old = tuple(tree for tree in found if tree.kind == "cgroup")
    return old or tuple(tree for tree in found if tree.kind == "cgroup2")[:1]


def detect() -> tuple[Hierarchy, ...]:
    """The hierarchies of this machine, as the box will use them; empty when none is mounted."""
    return parse(Path("/proc/self/mountinfo").read_text(), Path("/proc/self/cgroup").read_text())


def branch(tree: Hierarchy, name: str) -> Path:
    """Where a lab's branch lies: below the caller's own cgroup, so that limits on the caller hold.

    In v2 a cgroup with processes cannot have children with controllers, so it lies at the top there.
    """
    return (tree.mount if tree.kind == "cgroup2" else tree.current) / name


def make(trees: tuple[Hierarchy, ...], name: str) -> list[Path]:
    """Make the branch in each tree and put the calling process into it."""
    made = []
    for tree in trees:
        folder = branch(tree, name)
        folder.mkdir(exist_ok=True)
        if "cpuset" in tree.options.split(","):
            for knob in ("cpuset.cpus", "cpuset.mems"):
                (folder / knob).write_text((folder.parent / knob).read_text())
        (folder / "cgroup.procs").write_text("0")
        made.append(folder)
    return made


def open_top(trees: tuple[Hierarchy, ...]) -> None:
    """v2 only: let branches have controllers, where nobody has done so; systemd does on its machines.

    libvirt takes a tree without controllers for none at all, and starts no container.

    Raises:
        MachineError: the top is the cgroup of a container with processes of its own, cgroups(7).
    """
    for tree in trees:
        if tree.kind == "cgroup2":
            try:
                _hand_down(tree.mount)
            except OSError as error:
                raise MachineError(
                    f"the controllers of {tree.mount} cannot be handed down to the lab: {error.strerror}.",
                    "Run the lab on a machine of its own, or start this container with its init as systemd.",
                ) from error


def join(trees: tuple[Hierarchy, ...], name: str) -> None:
    """Put the calling process into a branch that exists."""
    for folder in find(trees, name):
        leaf = folder / "services"
        ((leaf if leaf.exists() else folder) / "cgroup.procs").write_text("0")


def delegate(folder: Path) -> None:
    """v2 only: move the branch's processes into a leaf and hand its controllers down to siblings of it.

    A cgroup with processes of its own cannot do the latter.
    """
    leaf = folder / "services"
    leaf.mkdir(exist_ok=True)
    while pids := (folder / "cgroup.procs").read_text().split():
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):  # it ended meanwhile
                (leaf / "cgroup.procs").write_text(pid)
    _hand_down(folder)


def _hand_down(folder: Path) -> None:
    """v2 only: let the children of a cgroup have the controllers that it has."""
    knob = folder / "cgroup.subtree_control"
    had = knob.read_text().split()
    new = [name for name in (folder / "cgroup.controllers").read_text().split() if name not in had]
    if new:
        knob.write_text(" ".join(f"+{name}" for name in new))


def find(trees: tuple[Hierarchy, ...], name: str) -> list[Path]:
    """Every branch of this name, wherever the shell that made it was."""
    return [path for tree in trees for path in tree.mount.rglob(name) if path.is_dir()]


def remove(folders: list[Path]) -> None:
    """End what is left in the branches and remove them, leaves first."""
    deadline = time.monotonic() + _PATIENCE
    for folder in folders:
        cells = sorted((path for path in (folder, *folder.rglob("*")) if path.is_dir()), reverse=True)
        for cell in cells:
            while cell.exists():
                try:
                    cell.rmdir()
                except FileNotFoundError:  # whoever made it has removed it meanwhile
                    break
                except OSError:
                    if time.monotonic() > deadline:
                        raise
                    _kill(cell)
                    time.sleep(0.05)


def _kill(cell: Path) -> None:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        for pid in (cell / "cgroup.procs").read_text().split():
            os.kill(int(pid), signal.SIGKILL)
