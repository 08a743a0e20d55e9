"""A host with a kernel of its own: placed by the class of its data, sound, and the same after a restart.

The last test of the session: it adds a second machine to the lab, which stays until the lab is removed.
"""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from scripts.access.deployment import Deployment, open_deployment
from scripts.bench.requests import portal
from scripts.lab import machine, preflight
from scripts.lab.config import DEFAULT_ZONE, HOSTNAME, VM_HOSTNAME, VM_ZONE
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
HOST = f"{NAME}-web-1"
PROFILE = "/etc/apparmor.d/usr.sbin.nginx"
STRAY = "/etc/stray.log"
"""A file that the web server has no business with."""

ELSEWHERE = "files/protected["
"""Files that some hosts do not have; nothing else may be left out on a host with a kernel of its own."""

PATIENCE = 300
"""Seconds for an emulated host to restart on a busy machine."""


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


def audited(govcloud: Command) -> tuple[set[str], set[str]]:
    """The checks of the host that found it wrong or nothing at all, and those that were left out."""
    done = govcloud("audit", "--host", HOST, "--json")
    outcomes = {f"{one['area']}/{one['check']}": one["outcome"] for one in json.loads(done.stdout)["results"]}
    red = {name for name, outcome in outcomes.items() if outcome in ("failed", "could not be checked")}
    left_out = {name for name, outcome in outcomes.items() if outcome == "not applicable here"}
    return red, {name for name in left_out if not name.startswith(ELSEWHERE)}


def is_confined(deployment: Deployment) -> bool:
    """Whether the web server, even when root calls it, opens nothing that its profile does not name."""
    refused = [
        "(13: Permission denied)" in on(deployment, f"sudo nginx -t {option} 2>&1 | grep open")
        for option in ("-c /etc/shadow", f"-e {STRAY}")
    ]
    assert len(set(refused)) == 1, refused
    return refused[0]


def test_a_host_with_its_own_kernel_is_sound_before_and_after_a_restart(
    settings: Settings, cloud: Cloud, govcloud: Command
) -> None:
    succeed(govcloud, "lab", "up", "--hosts", "both")
    zones = {one.availability_zone: set(one.hosts) for one in cloud.compute.aggregates()}
    assert zones == {DEFAULT_ZONE: {HOSTNAME}, VM_ZONE: {VM_HOSTNAME}}
    request = {**portal(), "id": NAME, "mlps_level": 3}
    platform = Path(govcloud.environment["GOVCLOUD_TENANTS"]) / "platform.yaml"
    with machine.offered(platform, request["classification"]), throwaway.tenant(govcloud, request):
        succeed(govcloud, "up", NAME)
        server = cloud.compute.find_server(HOST, details=True, all_projects=True)
        placed = (server.availability_zone, server.compute_host)
        assert placed == (VM_ZONE, VM_HOSTNAME)
        succeed(govcloud, "deploy", NAME)
        again = json.loads(succeed(govcloud, "deploy", NAME, "--json"))
        assert [host["changed"] for host in again["hosts"]] == [[]]
        deployment = open_deployment(settings)
        assert is_confined(deployment)
        on(deployment, f"sudo apparmor_parser --remove {PROFILE}")
        assert not is_confined(deployment)
        on(deployment, f"sudo rm {STRAY}")
        assert audited(govcloud) == ({"portal/server_confined"}, set())
        restart(deployment)
        assert is_confined(deployment)
        assert audited(govcloud) == (set(), set())
        assert "lockdown=integrity" in on(deployment, "cat /proc/cmdline")
        options = on(deployment, "findmnt -no OPTIONS /var/log/audit").split(",")
        assert {"nodev", "nosuid", "noexec"} <= set(options)
