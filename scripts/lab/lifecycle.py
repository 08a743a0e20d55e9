"""Bring the lab up, take it down, wipe it."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from openstack.exceptions import SDKException

from scripts.lab import box as boxes
from scripts.lab import (
    catalog,
    clouds,
    collector,
    config,
    database,
    graph,
    health,
    image,
    limits,
    machine_image,
    mirror,
    packages,
    preflight,
    status,
    venv,
)
from scripts.lab.command import last_lines
from scripts.lab.progress import note
from scripts.lab.service import Running, Service, Task
from stacks.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.configure.authority import Authority
    from scripts.lab.paths import Lab
    from scripts.lab.service import Check, Node

_FOLDERS = (
    "collected",
    "done",
    "lock",
    "log",
    "nova",
    "neutron",
    "nova-vm",
    "instances",
    "instances-vm",
    "cinder/coordination",
    "glance/images",
    "glance/staging",
    "glance/tasks",
)
# A service of which nothing can be asked has started when it still runs after this many seconds.
_SETTLE = 0.5
_POLL = 0.25
_AGAIN = "Run `govcloud lab up` again: it goes on where it stopped."


@contextmanager
def exclusive(lab: Lab) -> Iterator[None]:
    """Only one `up`, `down` or `wipe` of a lab at a time; a second one waits."""
    lab.cache.mkdir(parents=True, exist_ok=True)
    with (lab.cache / f"{lab.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def up(lab: Lab, authority: Authority, *, own_kernel: bool = False) -> None:
    """Make what is missing, start what does not run, wait until everything is healthy.

    Args:
        lab: which one.
        authority: the deployment's CA; the log collector's certificate is from it.
        own_kernel: add the second machine, where hosts have a kernel of their own. A lab keeps it.

    Raises:
        LabError: a service did not become ready; quotes its log.
        MachineError: this machine cannot run a lab.
    """
    own_kernel = own_kernel or lab.own_kernel
    preflight.check(lab, own_kernel=own_kernel)
    with exclusive(lab):
        limits.raise_limits()
        packages.install(lab, own_kernel=own_kernel)
        openstack = venv.build(lab)
        image.build(lab)
        if own_kernel:
            machine_image.build(lab)
        _prepare(lab, openstack, authority, own_kernel=own_kernel)
        box = boxes.start(lab)
        starter = Starter(box, config.environment(lab.config, openstack))
        graph.run(catalog.nodes(lab), starter.bring_up)
        starter.await_reports()
        clouds.write(lab)
    note(f"{lab.name} is up: [bold]OS_CLOUD={lab.name}[/]")


def _prepare(lab: Lab, openstack: Path, authority: Authority, *, own_kernel: bool) -> None:
    lab.state.mkdir(parents=True, exist_ok=True)
    lab.state.chmod(0o700)
    if own_kernel:
        lab.own_kernel_marker.touch()
    for name in _FOLDERS:
        (lab.state / name).mkdir(parents=True, exist_ok=True)
    data = lab.state / "mariadb"
    config.write_keys(lab)
    collector.identify(lab, authority)
    config.render(lab, lab.config, config.Sources(openstack, mirror.build(lab), data))
    database.restore(database.build(lab, openstack), data)


class Starter:
    """Brings one node after the other up in a running box."""

    def __init__(self, box: boxes.Box, env: dict[str, str]) -> None:
        self.box = box
        self.env = env

    def bring_up(self, node: Node) -> None:
        """Start a service and wait for its health, or do a task."""
        if isinstance(node, Task):
            self._do(node)
        else:
            self._start(node)

    def _do(self, task: Task) -> None:
        marker = self.box.lab.done / task.name
        if task.once and marker.exists():
            return
        begun = time.monotonic()
        try:
            task.action(self.box)
        except (SDKException, OSError, subprocess.SubprocessError) as error:
            raise LabError(
                f"{task.name} failed: {error}", f"{_AGAIN} The logs are in {self.box.lab.log}."
            ) from error
        if task.once:
            marker.touch()
        note(f"{task.name} done [dim]({time.monotonic() - begun:.1f} s)[/]")

    def _start(self, service: Service) -> None:
        begun = time.monotonic()
        network = ("nsenter", f"--net=/run/netns/{service.netns}", "--") if service.netns else ()
        env = self.env | dict(service.env) | {"GOVCLOUD_LAB_SERVICE": service.name}
        argv = [*network, *service.argv]
        self.box.start_service(service.name, argv, env, self.log(service))
        self._await(service, service.ready, begun)
        note(f"{service.name} ready [dim]({time.monotonic() - begun:.1f} s)[/]")

    def await_reports(self) -> None:
        """Wait until the workers, too, have reported; what `status` then shows is all healthy."""
        late = [one for one in status.services(self.box) if one.ready != one.health]
        with ThreadPoolExecutor(len(late)) as pool:
            begun = time.monotonic()
            list(pool.map(lambda one: self._await(one, one.health, begun), late))

    def _await(self, service: Service, check: Check, begun: float) -> None:
        problem, settle = "not asked yet", _SETTLE if isinstance(check, Running) else 0
        while time.monotonic() - begun < service.patience:
            problem = health.ask(service.name, check, self.box)
            ended = self.box.services()[service.name].exit is not None
            if ended or (not problem and time.monotonic() - begun >= settle):
                break
            time.sleep(_POLL)
        if problem:
            log = self.log(service)
            raise LabError(
                f"{service.name} is not healthy: {problem}. The end of {log}:\n{last_lines(log)}",
                f"mend what the log names. {_AGAIN}",
            )

    def log(self, service: Service) -> Path:
        """Where the service's output goes."""
        return self.box.lab.log / f"{service.name}.log"


def down(lab: Lab) -> bool:
    """Stop everything, keep the state; returns whether the lab was up.

    Raises:
        LabError: something cannot be ended.
    """
    with exclusive(lab):
        was_up = boxes.stop(lab)
        _release_loops(lab)
    return was_up


def wipe(lab: Lab) -> None:
    """Down, and forget the state and the `clouds.yaml` entry; keep what can be used again.

    Raises:
        LabError: something cannot be ended.
    """
    down(lab)
    with exclusive(lab):
        shutil.rmtree(lab.state, ignore_errors=True)
        clouds.remove(lab)


def _release_loops(lab: Lab) -> None:
    """Detach the loop devices of container hosts' disks."""
    table = subprocess.run(
        ["losetup", "-l", "-n", "-O", "NAME,BACK-FILE"], capture_output=True, text=True, check=False
    )
    for line in table.stdout.splitlines():
        device, _, file = line.partition(" ")
        if str(lab.state) in file:
            subprocess.run(["losetup", "-d", device], check=False)
