"""Locks are read from Pulumi's own words."""

from __future__ import annotations

import os
import platform
import subprocess

from scripts.engine.locks import Lock

TEXT = (
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or "
    "delete the lock file with `pulumi cancel`.\n  file:///state/.pulumi/locks/x.json: "
    "created by {user}@{machine} (pid {pid}) at 2026-11-21T22:00:00Z"
)


def text(machine: str, pid: int) -> str:
    return TEXT.format(user="root", machine=machine, pid=pid)


def test_a_living_holder() -> None:
    lock = Lock.find(text(platform.node(), os.getpid()))
    assert lock
    assert not lock.stale
    assert f"(process {os.getpid()})" in str(lock)


def test_a_dead_holder() -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    lock = Lock.find(text(platform.node(), dead.pid))
    assert lock
    assert lock.stale


def test_a_dead_holder_that_nobody_has_asked_about_yet() -> None:
    """As when both were killed, and the machine's first process takes its time: a zombie holds nothing."""
    with subprocess.Popen(["true"]) as ended:
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        lock = Lock.find(text(platform.node(), ended.pid))
        assert lock
        assert lock.stale


def test_a_holder_elsewhere_is_never_taken_for_dead() -> None:
    lock = Lock.find(text("another-machine", 1 << 30))
    assert lock
    assert not lock.stale


def test_no_lock() -> None:
    assert Lock.find("error: something else") is None
