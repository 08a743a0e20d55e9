"""The box: one set of namespaces around the whole lab; nothing but its forwarders reaches out of it."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from scripts.lab import cgroups
from scripts.lab.command import last_lines
from scripts.lab.paths import HERE
from stacks.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scripts.lab.paths import Lab

INIT = HERE / "init.py"
# Seconds for process 1 to lay out its mounts, and for the kernel to end everything.
_START = 20.0
_STOP = 30.0
# Seconds for process 1 to answer.
_ANSWER = 10.0
_CLONE_NEWNET = 0x40000000


@dataclass(frozen=True)
class ServiceProcess:
    """A service as process 1 of the box knows it.

    Attributes:
        pid: its first process, as the box counts.
        exit: its exit status, negative for a signal; None while it runs.
    """

    pid: int
    exit: int | None


@dataclass(frozen=True)
class Box:
    """A running box.

    Attributes:
        lab: whose box it is.
        pid: its process 1, as the machine counts.
    """

    lab: Lab
    pid: int

    def _call(self, **request: object) -> dict[str, Any]:
        """One request to process 1 (see `init.py`)."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_ANSWER)
            connection.connect(str(self.lab.control))
            connection.sendall(json.dumps(request).encode() + b"\n")
            reply: dict[str, Any] = json.loads(connection.makefile().readline())
            return reply

    def services(self) -> dict[str, ServiceProcess]:
        """Every service that was started since the box is up."""
        return {name: ServiceProcess(**known) for name, known in self._call(op="list").items()}

    def start_service(self, name: str, argv: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        """Start a service unless it runs; its output is appended to `log`."""
        self._call(op="start", name=name, argv=list(argv), env=dict(env), log=str(log))

    @property
    def branch(self) -> str:
        """The name of the cgroup that everything in the box is in."""
        return branch_name(self.lab)

    def argv(self, command: Sequence[str | Path], netns: str = "") -> list[str]:
        """`command` as the machine must call it to run inside; optionally in one of the box's networks."""
        where = ["nsenter", "-t", str(self.pid), "-m", "-u", "-i", "-n", "-p", "-C", "--"]
        network = ["nsenter", f"--net=/run/netns/{netns}", "--"] if netns else []
        return [*where, *network, *(str(word) for word in command)]

    def run(
        self, command: Sequence[str | Path], env: Mapping[str, str] | None = None, netns: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a program inside to its end; its exit status is the caller's business."""
        environment = None if env is None else dict(env)
        argv = self.argv(command, netns)
        return subprocess.run(argv, capture_output=True, text=True, check=False, env=environment)

    def do(self, command: Sequence[str | Path], env: Mapping[str, str] | None = None, netns: str = "") -> str:
        """Run a program inside that must succeed; returns its output.

        Raises:
            LabError: it failed; quotes its output.
        """
        done = self.run(command, env, netns)
        if done.returncode:
            words = " ".join(str(word) for word in command[:6])
            raise LabError(
                f"`{words} …` failed in the lab (exit status {done.returncode}): "
                f"{(done.stderr or done.stdout).strip()[-1500:]}",
                "run `govcloud lab up` again; if it stays, `govcloud lab wipe` and up.",
            )
        return done.stdout

    def enter_network(self, name: str) -> None:
        """Put the calling thread, and only it, into a network of the box (`box` is its own)."""
        libc = ctypes.CDLL(None, use_errno=True)
        with Path(f"/proc/{self.pid}/root/run/netns/{name}").open() as namespace:
            if libc.setns(namespace.fileno(), _CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), f"cannot enter the network {name}")


def branch_name(lab: Lab) -> str:
    """The name of the lab's cgroups; no two labs of a machine share it."""
    return f"govcloud-lab-{hashlib.sha256(str(lab.state).encode()).hexdigest()[:8]}"


def _keepers(lab: Lab) -> list[psutil.Process]:
    """The `unshare` processes that hold this lab's box (one, unless something went very wrong)."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if (words := process.info["cmdline"] or []) and words[0] == "unshare" and str(lab.state) in words
    ]


def find(lab: Lab) -> Box | None:
    """The running box, found by its process and not by a file that may lie; None when it is down."""
    for keeper in _keepers(lab):
        for child in keeper.children():
            return Box(lab, child.pid)
    return None


def start(lab: Lab) -> Box:
    """The running box, started when there is none.

    Raises:
        LabError: process 1 did not come up; quotes its log.
    """
    log = lab.log / "box.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    if not find(lab):
        lab.control.unlink(missing_ok=True)
        _launch(lab, log)
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline:
        box = find(lab)
        try:
            if box:
                box.services()
                _delegate(box)
                return box
        except OSError:
            pass
        time.sleep(0.05)
    raise LabError(
        f"the box did not start. The end of {log}:\n{last_lines(log)}", "`govcloud lab down`, then up."
    )


def _launch(lab: Lab, log: Path) -> None:
    trees = cgroups.detect()
    cgroups.open_top(trees)
    namespaces = ("--net", "--mount", "--pid", "--uts", "--ipc", "--cgroup")
    description = json.dumps([tree.describe() for tree in trees])
    network = os.open("/proc/self/ns/net", os.O_RDONLY)
    argv = ["unshare", "--fork", "--kill-child", *namespaces, sys.executable, "-I", str(INIT), str(lab.state)]
    name = branch_name(lab)
    with log.open("ab") as output:
        subprocess.Popen(
            [*argv, description, str(network)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[network],
            start_new_session=True,
            # The branch must be the box's own cgroup before its cgroup namespace is made.
            preexec_fn=lambda: _join(trees, name),  # noqa: PLW1509 - no other thread runs yet
        )
    os.close(network)


def _delegate(box: Box) -> None:
    trees = cgroups.detect()
    if trees[0].kind == "cgroup2":
        cgroups.delegate(cgroups.branch(trees[0], box.branch))


def _join(trees: tuple[cgroups.Hierarchy, ...], name: str) -> None:
    cgroups.make(trees, name)


def stop(lab: Lab) -> bool:
    """End the box with everything in it and remove its cgroups; returns whether it was up.

    Raises:
        LabError: processes of the box cannot be ended.
    """
    keepers = _keepers(lab)
    victims = [child for keeper in keepers for child in keeper.children()] + keepers
    for process in victims:
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
    _, alive = psutil.wait_procs(victims, timeout=_STOP)
    if alive:
        raise LabError(
            f"processes {[process.pid for process in alive]} of the lab do not end.", "see `dmesg`."
        )
    cgroups.remove(cgroups.find(cgroups.detect(), branch_name(lab)))
    lab.control.unlink(missing_ok=True)
    return bool(keepers)
