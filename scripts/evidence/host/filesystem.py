"""Owners, modes, traps and mounts in the file system of a host, parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class FileState:
    """Owner and mode of a file."""

    path: str
    mode: int
    user: str
    group: str

    def __str__(self) -> str:
        """The state as `ls` would show it."""
        return f"{self.path} {self.mode:04o} {self.user}:{self.group}"


@dataclass(frozen=True)
class Sweep:
    """What a walk through the file system found.

    Attributes:
        setid: programs that run with their owner's or group's rights.
        writable: files that everybody may change, and directories without the sticky bit.
        unowned: files of users or groups that do not exist.
    """

    setid: frozenset[str]
    writable: tuple[FileState, ...]
    unowned: tuple[FileState, ...]


def files(text: str) -> dict[str, FileState]:
    """Read `stat -c '%a %U %G %n'`."""
    rows = (line.split(maxsplit=3) for line in text.splitlines())
    return {path: FileState(path, int(mode, 8), user, owner) for mode, user, owner, path in rows}


def sweep(text: str) -> Sweep:
    """Read the walk through the file system.

    Raises:
        ValueError: the walk did not even see the root directory.
    """
    rows = [line.split(" ", 3) for line in text.splitlines()]
    found: dict[str, list[FileState]] = {"setid": [], "writable": [], "unowned": [], "root": []}
    for kind, mode, owner, path in rows:
        user, _, owner_group = owner.partition(":")
        found[kind].append(FileState(path, int(mode, 8), user, owner_group))
    if not found["root"]:
        raise ValueError("the walk saw no root directory")
    return Sweep(
        setid=frozenset(state.path for state in found["setid"]),
        writable=tuple(found["writable"]),
        unowned=tuple(found["unowned"]),
    )


@dataclass(frozen=True)
class Mount:
    """What is mounted at a path.

    Attributes:
        source: a device, or what kind of file system has none.
    """

    source: str
    path: str
    kind: str
    options: frozenset[str]

    def __str__(self) -> str:
        """The mount in one short phrase."""
        return f"{self.source} at {self.path} ({self.kind} {','.join(sorted(self.options))})"


def disks(text: str) -> dict[str, Mount]:
    """What is mounted, by its path, of other disks than the one that holds the root directory.

    Raises:
        ValueError: nothing is mounted there.
    """
    rows = (line.split() for line in text.splitlines() if line.strip())
    found = {row[1]: Mount(row[0], row[1], row[2], frozenset(row[3].split(","))) for row in rows}
    if "/" not in found:
        raise ValueError("nothing is mounted at /")
    own = _disk(found["/"].source)
    return {
        path: mount
        for path, mount in found.items()
        if mount.source.startswith("/dev/") and _disk(mount.source) != own
    }


def _disk(device: str) -> str:
    """The disk of a partition: `/dev/vda` of `/dev/vda1`, `/dev/nvme0n1` of `/dev/nvme0n1p1`."""
    return re.sub(r"(?<=\d)p\d+$|(?<=/[hsv]d[a-z])\d+$", "", device)


def mounts(text: str) -> dict[str, frozenset[str]]:
    """Options of each mount point."""
    rows = (line.split() for line in text.splitlines() if line.strip())
    return {fields[1]: frozenset(fields[3].split(",")) for fields in rows}
