"""A host with a kernel of its own: placed by the class of its data, sound, and the same after a restart.

The last test of the session: it adds a second machine to the lab, which stays until the lab is removed.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import yaml

from scripts.access.deployment import Deployment, open_deployment
from scripts.lab import machine_image, preflight
from scripts.lab.config import VM_HOSTNAME, VM_ZONE
from stacks.settings import Settings
from tests.lab import throwaway
from tests.lab.conftest import Cloud, Command

pytestmark = [
    pytest.mark.own_kernel,
    pytest.mark.skipif(
        psutil.virtual_memory().available < preflight.OWN_KERNEL_MEMORY,
        reason="a second machine and a host on it need 1.5 GiB of memory",
    ),
]

NAME = "zz-own-kernel"
HOST = f"{NAME}-node-1"
ELSEWHERE = "files/protected["
"""Files that some hosts do not have; nothing else may be left out on a host with a kernel of its own."""

PATIENCE = 300
"""Seconds for an emulated host to restart on a busy machine."""


@contextmanager
def offered(govcloud: Command) -> Iterator[None]:
    """The operators place sensitive data on hosts with a kernel of their own, and take it back."""
    path = Path(govcloud.environment["GOVCLOUD_TENANTS"]) / "platform.yaml"
    before = path.read_text(encoding="utf-8")
    platform = yaml.safe_load(before)
    platform["cloud"]["zone_images"] = {VM_ZONE: machine_image.NAME}
    platform["classifications"]["sensitive"]["availability_zone"] = VM_ZONE
    path.write_text(yaml.safe_dump(platform, allow_unicode=True, sort_keys=False), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")


def succeed(govcloud: Command, *arguments: str) -> str:
    ran = govcloud(*arguments)
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-4000:]
    return ran.stdout


def on(deployment: Deployment, command: str) -> str:
    """The answer of a command on the host; empty while it cannot be reached."""
    full = ["ssh", "-F", str(deployment.ssh_config), "-o", "ConnectTimeout=10", HOST, command]
    ran = subprocess.run(full, capture_output=True, text=True, timeout=120, check=False)
    return ran.stdout.strip()


def restart(deployment: Deployment) -> None:
    """Restart the host, and wait until it answers with another boot."""
    boot = "cat /proc/sys/kernel/random/boot_id"
    before = on(deployment, boot)
    assert before
    on(deployment, "sudo systemctl reboot")
    until = time.monotonic() + PATIENCE
    while on(deployment, f"{boot}; systemctl is-system-running --wait >/dev/null; true") in ("", before):
        assert time.monotonic() < until, "the host does not come back"
        time.sleep(3)


def audited(govcloud: Command) -> dict[str, str]:
    """The outcome of every check of the host, as `area/check`."""
    done = govcloud("audit", "--host", HOST, "--json")
    return {f"{one['area']}/{one['check']}": one["outcome"] for one in json.loads(done.stdout)["results"]}


def is_sound(outcomes: dict[str, str]) -> None:
    """Nothing is red, and what belongs to the kernel was really checked."""
    assert {
        name for name, outcome in outcomes.items() if outcome in ("failed", "could not be checked")
    } == set()
    left_out = {name for name, outcome in outcomes.items() if outcome == "not applicable here"}
    assert {name for name in left_out if not name.startswith(ELSEWHERE)} == set()


def test_a_host_with_its_own_kernel_is_sound_before_and_after_a_restart(
    settings: Settings, cloud: Cloud, govcloud: Command
) -> None:
    succeed(govcloud, "lab", "up", "--hosts", "both")
    request = throwaway.request(NAME, hosts=1, classification="sensitive", mlps_level=3)
    with offered(govcloud), throwaway.tenant(govcloud, request):
        succeed(govcloud, "up", NAME)
        server = cloud.compute.find_server(HOST, details=True, all_projects=True)
        placed = (server.availability_zone, server.compute_host)
        assert placed == (VM_ZONE, VM_HOSTNAME)
        succeed(govcloud, "deploy", NAME)
        is_sound(audited(govcloud))
        deployment = open_deployment(settings)
        restart(deployment)
        is_sound(audited(govcloud))
        assert "lockdown=integrity" in on(deployment, "cat /proc/cmdline")
        options = on(deployment, "findmnt -no OPTIONS /var/log/audit").split(",")
        assert {"nodev", "nosuid", "noexec"} <= set(options)
