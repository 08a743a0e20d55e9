"""A lab that goes down while hosts run: they come back by themselves, as they were; on a lab of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import openstack
import pytest

from scripts.access.deployment import Deployment, open_deployment
from scripts.access.outside import Portal
from scripts.access.ssh import BASTION
from scripts.bench.requests import portal
from scripts.configure.authority import Authority
from scripts.evidence.target import PLATFORM
from scripts.lab.paths import Lab, Ports
from stacks.plan import naming
from stacks.settings import REPOSITORY, Settings
from tests.lab import throwaway
from tests.lab.conftest import Cloud, Command
from tests.lab.test_change import changed_of
from tests.lab.test_lab_lifecycle import OFFSET, traces

NAME = "zz-restart"
HOST = f"{NAME}-web-1"
LETTER = "/var/lib/letter"

STARTED = "sudo cut --delimiter ' ' --fields 22 /proc/1/stat"
"""When the host's first process began, by the clock of the kernel that containers share."""

STATE = "systemctl is-system-running --wait"

PATIENCE = 300
"""Seconds for a host to boot and to answer; with one host the lab is back after 72 (docs/lab.md)."""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A home with a short path: SSH's sockets are below it, and a socket's path has 108 bytes, unix(7)."""
    with tempfile.TemporaryDirectory(prefix="restart-") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def command(folder: Path) -> Iterator[Command]:
    """The command with a deployment and a lab of this module's own, in this process's environment too."""
    shutil.copytree(REPOSITORY / "tenants", folder / "tenants")
    own = {
        "GOVCLOUD_HOME": str(folder / "home"),
        "GOVCLOUD_TENANTS": str(folder / "tenants"),
        "GOVCLOUD_LAB_PORT_OFFSET": str(OFFSET),
        "OS_CLIENT_CONFIG_FILE": str(folder / "clouds.yaml"),
        "OS_CLOUD": f"lab-{OFFSET}",
        "GOVCLOUD_DATE": "2027-01-15",  # outside of every season
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in own.items():
            patch.setenv(name, value)
        run = Command(dict(os.environ))
        run("lab", "wipe", "--yes")
        yield run
        run("lab", "wipe", "--yes")


def succeed(command: Command, *arguments: str) -> str:
    ran = command(*arguments)
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-4000:]
    return ran.stdout


def on(deployment: Deployment, text: str) -> str:
    """What a command on the host says; empty while it cannot be reached."""
    full = ["ssh", "-F", str(deployment.ssh_config), "-o", "ConnectTimeout=10", HOST, text]
    return subprocess.run(full, capture_output=True, text=True, timeout=120, check=False).stdout.strip()


def door(deployment: Deployment) -> Portal:
    (host,) = deployment.plan.tenant(NAME).hosts
    address = deployment.outputs.tenants[NAME].hosts[host.key].floating_address
    assert address
    authority = Authority.of(deployment.settings).certificate
    return Portal(host.hostnames[0], address, deployment.access.proxy, authority)


def await_state(deployment: Deployment, state: str) -> None:
    """Wait by SSH until the host has started: httpx leaves a socket behind when the proxy is refused."""
    until = time.monotonic() + PATIENCE
    while on(deployment, STATE) != state:
        assert time.monotonic() < until, "the host does not come back"
        time.sleep(1)


def page(deployment: Deployment) -> str:
    return door(deployment).request("GET").raise_for_status().text


def servers(cloud: Cloud) -> dict[str, tuple[str, str, str]]:
    """Every server with its id, its state and its image."""
    found = cloud.compute.servers(all_projects=True)
    return {one.name: (one.id, one.status, one.image.id) for one in found}


def test_hosts_come_back_as_they_were(command: Command) -> None:
    settings = Settings.from_environment()
    lab_folder = settings.cache / "lab"
    lab = Lab(cache=lab_folder, state=lab_folder / f"state-{OFFSET}", ports=Ports(OFFSET))
    succeed(command, "lab", "up")
    with throwaway.tenant(command, {**portal(), "id": NAME}):
        succeed(command, "up", NAME)
        succeed(command, "deploy", PLATFORM, NAME)
        deployment = open_deployment(settings)
        before = servers(openstack.connect(cloud=settings.cloud))
        assert set(before) == {naming.BASTION, HOST}
        shown, address = page(deployment), door(deployment).address
        assert on(deployment, f"echo kept | sudo tee {LETTER}") == "kept"
        first, state = on(deployment, STARTED), on(deployment, STATE)

        succeed(command, "lab", "down")
        assert traces(lab) == []
        succeed(command, "lab", "up")

        # Nobody deploys anything: the hosts themselves have to bring it all back.
        again = open_deployment(settings)
        await_state(again, state)
        assert (page(again), door(again).address) == (shown, address)
        assert servers(openstack.connect(cloud=settings.cloud)) == before
        assert on(again, f"sudo cat {LETTER}") == "kept"
        assert int(on(again, STARTED)) > int(first)
        assert changed_of(command, NAME) == 0
        hosts = json.loads(succeed(command, "deploy", PLATFORM, NAME, "--json"))["hosts"]
        assert {host["name"]: host["changed"] for host in hosts} == {BASTION: [], HOST: []}
