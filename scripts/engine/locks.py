"""Pulumi's stack locks: whose they are, and whether the one who held it still lives.

The lock names its holder in the error text of every back end:
`…: created by root@machine (pid 4711) at 2026-11-21T22:00:00Z`.
"""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass

import psutil

HOLDER = re.compile(r"created by (?P<user>\S+?)@(?P<machine>\S+) \(pid (?P<pid>\d+)\) at (?P<since>\S+)")


@dataclass(frozen=True)
class Lock:
    """A lock on a stack."""

    user: str
    machine: str
    pid: int
    since: str

    @classmethod
    def find(cls, text: str) -> Lock | None:
        """The lock that an error text speaks of."""
        found = HOLDER.search(text)
        if not found or "locked" not in text:
            return None
        return cls(found["user"], found["machine"], int(found["pid"]), found["since"])

    @property
    def stale(self) -> bool:
        """Whether its holder certainly died: it ran on this machine and is gone."""
        return self.machine == platform.node() and not _lives(self.pid)

    def __str__(self) -> str:
        """Who, where, since when."""
        return f"{self.user}@{self.machine} (process {self.pid}) since {self.since}"


def _lives(pid: int) -> bool:
    """Whether a process still runs; one that ended and that nobody has asked about yet does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
