"""What is deployed stays, what was changed by hand comes back, and a killed run is mended by the next."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from scripts.access.deployment import Deployment
from stacks.plan.model import HostPlan
from tests.lab.conftest import Command

Shell = Callable[[str, str], str]

NOTICE = "services: Write the notice, and keep the resolver off the network"
SETTINGS = {
    "filesystems: Bound what can be done in folders for data, at boot and now",
    "firewall: Enforce the plan's rules, now and at boot",
    "kernel: Apply the settings, now and at boot",
}


@pytest.fixture
def on(deployment: Deployment) -> Shell:
    """Runs a command as root on a host."""

    def run(host: str, command: str) -> str:
        full = ["ssh", "-F", str(deployment.ssh_config), host, f"sudo sh -c '{command}'"]
        done = subprocess.run(full, capture_output=True, text=True, check=True, timeout=60)
        return done.stdout.strip()

    return run


@pytest.fixture
def portal(deployment: Deployment) -> HostPlan:
    """A host with a portal, of the tenant that is worked on here."""
    hosts = deployment.plan.tenant("luoyang-tourism").hosts
    return next(host for host in hosts if host.workload == "portal")


def changed(result: subprocess.CompletedProcess[str]) -> dict[str, list[str]]:
    """The tasks that changed something, by host."""
    assert result.returncode == 0, result.stderr
    return {host["name"]: host["changed"] for host in json.loads(result.stdout)["hosts"]}


def test_a_second_run_changes_nothing(deployment: Deployment, govcloud: Command) -> None:
    hosts = {host.name for tenant in deployment.plan.tenants for host in tenant.hosts} | {"bastion"}
    # Other tests break hosts and mend them by hand; what they leave is put right first.
    changed(govcloud("deploy", "--all", "--json"))
    assert changed(govcloud("deploy", "--all", "--json")) == {host: [] for host in hosts}


def test_check_says_what_it_would_do_and_does_nothing(govcloud: Command, portal: HostPlan, on: Shell) -> None:
    on(portal.name, "echo worse > /etc/issue.net")
    assert changed(govcloud("deploy", "luoyang-tourism", "--check", "--json"))[portal.name] == [NOTICE]
    assert on(portal.name, "cat /etc/issue.net") == "worse"
    assert changed(govcloud("deploy", "luoyang-tourism", "--json"))[portal.name] == [NOTICE]
    assert on(portal.name, "cat /etc/issue.net") != "worse"


def test_settings_that_were_changed_in_the_kernel_come_back(
    govcloud: Command, portal: HostPlan, on: Shell
) -> None:
    before = on(portal.name, "nft --stateless list ruleset")
    on(portal.name, "nft flush ruleset; sysctl -qw net.ipv4.conf.all.accept_redirects=1")
    on(portal.name, "mount -o remount,bind,nosuid,nodev,exec /var/tmp")
    assert set(changed(govcloud("deploy", "luoyang-tourism", "--json"))[portal.name]) == SETTINGS
    assert on(portal.name, "nft --stateless list ruleset") == before
    assert on(portal.name, "sysctl -n net.ipv4.conf.all.accept_redirects") == "0"
    assert "noexec" in on(portal.name, "findmnt -no OPTIONS --mountpoint /var/tmp")


def test_a_changed_program_is_noticed(portal: HostPlan, on: Shell) -> None:
    result = "systemctl start integrity.service; systemctl show -P Result integrity.service"
    assert on(portal.name, result) == "success"
    on(portal.name, "cp -a /usr/bin/lastcomm /root/kept; echo >> /usr/bin/lastcomm")
    try:
        assert on(portal.name, result) == "exit-code"
        assert "/usr/bin/lastcomm" in on(portal.name, "journalctl -qu integrity.service -n 60 -o cat")
    finally:
        on(portal.name, "mv /root/kept /usr/bin/lastcomm; systemctl reset-failed integrity.service")


def test_only_those_who_log_in_can_call_sudo(portal: HostPlan, on: Shell) -> None:
    assert on(portal.name, "runuser -u www-data -- sudo -n true 2>&1 || true").endswith("Permission denied")


def test_a_killed_run_is_mended_by_the_next(govcloud: Command, portal: HostPlan, on: Shell) -> None:
    files = "/etc/chrony/chrony.conf /etc/nginx/nginx.conf /etc/ssh/sshd_config.d/00-govcloud.conf"
    intact = on(portal.name, f"sha256sum {files}")
    on(portal.name, f"for f in {files}; do echo >> $f; done")
    running = govcloud.start("deploy", "luoyang-tourism", "--json")
    # sshd's file is written some tasks before chrony's: the kill falls between a change and its service.
    for _ in range(600):
        if on(portal.name, f"sha256sum {files}").splitlines()[2] == intact.splitlines()[2]:
            break
        assert running.poll() is None, "it ended before it could be killed"
        time.sleep(0.1)
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    assert changed(govcloud("deploy", "luoyang-tourism", "--json"))[portal.name]
    assert on(portal.name, f"sha256sum {files}") == intact
    for unit, path in {"chrony": "chrony/chrony.conf", "nginx": "nginx/nginx.conf"}.items():
        loaded = on(portal.name, f'date -d "$(systemctl show -P StateChangeTimestamp {unit})" +%s')
        assert int(loaded) >= int(on(portal.name, f"stat -c %Y /etc/{path}"))
    assert changed(govcloud("deploy", "luoyang-tourism", "--json"))[portal.name] == []


def test_a_host_that_fails_is_named_and_the_others_go_on(
    govcloud: Command, portal: HostPlan, on: Shell
) -> None:
    # The settings have to be written anew, and the program that validates them is gone.
    on(portal.name, "echo > /etc/sudoers.d/10-govcloud; mv /usr/sbin/visudo /usr/sbin/visudo.away")
    try:
        on("luoyang-tourism-db-1", "echo worse > /etc/issue")
        result = govcloud("deploy", "luoyang-tourism")
        assert result.returncode == 6
        words = " ".join(result.stderr.split())
        assert f"host {portal.name} failed at “sudo: Bound and record the use of sudo”" in words
        assert "visudo" in words
        assert "do:" in words
        assert on("luoyang-tourism-db-1", "cat /etc/issue") != "worse"
    finally:
        on(portal.name, "mv /usr/sbin/visudo.away /usr/sbin/visudo")
    assert govcloud("deploy", "luoyang-tourism").returncode == 0
