"""Owners, modes, traps and mounts in the file system of a host, parsed."""

from __future__ import annotations

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


def mounts(text: str) -> dict[str, frozenset[str]]:
    """Options of each mount point."""
    rows = (line.split() for line in text.splitlines() if line.strip())
    return {fields[1]: frozenset(fields[3].split(",")) for fields in rows}
