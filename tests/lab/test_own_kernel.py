"""A host with a kernel of its own: placed by the class of its data, sound, and the same after a restart.

The last test of the session: it adds a second machine to the lab, which stays until the lab is removed. Alone
it needs no demo: it builds what it needs, which is the platform and one tenant.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import time
from pathlib import Path

import openstack
import psutil
import pytest

from scripts.access.deployment import Deployment, open_deployment
from scripts.bench.requests import portal
from scripts.evidence.target import PLATFORM
from scripts.lab import machine, preflight
from scripts.lab.config import DEFAULT_ZONE, HOSTNAME, VM_HOSTNAME, VM_ZONE
from stacks.errors import HostError
from stacks.settings import Settings
from tests.lab import throwaway
from tests.lab.conftest import Cloud, Command
from tests.lab.mutation import RECORD, Mutation, record
from tests.lab.test_waivers import written

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

RULES = "/etc/audit/rules.d/audit.rules"

LOOSE_RULES = frozenset({"logging/audit_rules_fixed", "logging/audit_rules_as_deployed"})
"""What rules turn red that have one fewer and are not locked."""

KERNEL = (
    Mutation(
        "sysctl -qw kernel.kptr_restrict=0",
        "sysctl -qw kernel.kptr_restrict=2",
        frozenset({"kernel/parameter[kernel.kptr_restrict]"}),
    ),
    Mutation(
        "sed -i.bak /udf/d /etc/modprobe.d/90-govcloud.conf; mv /etc/modprobe.d/90-govcloud.conf.bak /root/",
        "mv /root/90-govcloud.conf.bak /etc/modprobe.d/90-govcloud.conf",
        frozenset({"kernel/module_blocked[udf]"}),
    ),
    Mutation(
        "mount -o remount,suid /dev/shm",
        "mount -o remount,nosuid /dev/shm",
        frozenset({"files/mounted[/dev/shm nosuid]"}),
    ),
)

UNCONFINED = Mutation(
    "cp -a /boot/grub/grub.cfg /root/; sed -i '/^[[:space:]]*linux/s/$/ apparmor=0/' /boot/grub/grub.cfg",
    "mv /root/grub.cfg /boot/grub/",
    frozenset({"kernel/mandatory_access_control", "portal/server_confined"}),
)
"""AppArmor as a whole goes off only at the kernel's start, and comes back with the next."""

WORD = "lockdown=integrity"
WAIVED_RULE = "-w /etc/hosts -p wa -k network"

WAIVED = {
    "portal/server_confined",
    "logging/audit_rules_as_deployed",
    f"kernel/started_with[{WORD}]",
}

SETS = {
    "apparmor_profiles_waived": ["nginx"],
    "audit_rules_waived": [WAIVED_RULE],
    "boot_words_waived": [WORD],
}

ELSEWHERE = "files/protected["
"""Files that some hosts do not have; nothing else may be left out on a host with a kernel of its own."""

ALONE = {f"apparmor_parser --remove {PROFILE}": frozenset({"portal/server_confined"})}
"""What turns red while nothing else is broken."""

RED = {**ALONE, **{one.breaks: one.red for one in (*KERNEL, UNCONFINED)}}
"""What turns red by what is broken here."""

PATIENCE = 900
"""Seconds for an emulated host to start: two minutes of a processor, and it had a quarter of one."""


def succeed(govcloud: Command, *arguments: str, **changes: str) -> str:
    ran = govcloud(*arguments, **changes)
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-4000:]
    return ran.stdout


def on(deployment: Deployment, command: str) -> str:
    """The answer of a command on the host; empty while it cannot be reached."""
    full = ["ssh", "-F", str(deployment.ssh_config), "-o", "ConnectTimeout=60", HOST, command]
    ran = subprocess.run(full, capture_output=True, text=True, timeout=PATIENCE, check=False)
    return ran.stdout.strip()


def started(deployment: Deployment, before: str = "") -> str:
    """Wait until the host has started; which start it is, and never the one before."""
    until = time.monotonic() + PATIENCE
    ask = "systemctl is-system-running --wait >/dev/null; cat /proc/sys/kernel/random/boot_id"
    while (boot := on(deployment, ask)) in ("", before):
        assert time.monotonic() < until, "the host does not start"
        time.sleep(3)
    return boot


def restarted(deployment: Deployment, before: str) -> str:
    """Start the host once more, and wait for it."""
    on(deployment, "sudo systemctl reboot")
    return started(deployment, before)


def audited(govcloud: Command, **changes: str) -> tuple[set[str], set[str]]:
    """The checks of the host that found it wrong or nothing at all, and those that were left out."""
    done = govcloud("audit", "--host", HOST, "--json", **changes)
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


def has(deployment: Deployment) -> tuple[bool, bool, bool]:
    """Whether the host has the profile, the rule and the word that a waiver takes away."""
    rules = on(deployment, "sudo auditctl -l").splitlines()
    return is_confined(deployment), WAIVED_RULE in rules, WORD in on(deployment, "cat /proc/cmdline")


def bear(govcloud: Command, deployment: Deployment, boot: str, folder: Path) -> str:
    """Deploy under a waiver: what it takes away is gone with the next start, and the audit bears it.

    The deployment itself asks for that start, because this kernel has no AppArmor.
    """
    there = {"GOVCLOUD_WAIVERS": str(written(folder, hosts=[HOST], checks=sorted(WAIVED), sets=SETS))}
    refused = govcloud("deploy", NAME, **there)
    assert refused.returncode == HostError.exit_code
    assert "started without AppArmor. Restart the host" in " ".join((refused.stdout + refused.stderr).split())
    boot = restarted(deployment, boot)
    assert has(deployment) == (False, False, False)
    on(deployment, f"sudo rm {STRAY}")
    assert audited(govcloud) == (WAIVED, set())
    assert audited(govcloud, **there) == (set(), set())
    return boot


def test_a_host_with_its_own_kernel_is_sound_before_and_after_a_restart(
    govcloud: Command, tmp_path: Path
) -> None:
    succeed(govcloud, "lab", "up", "--hosts", "both")
    settings = Settings.from_environment()
    cloud: Cloud = openstack.connect(cloud=settings.cloud)
    zones = {one.availability_zone: set(one.hosts) for one in cloud.compute.aggregates()}
    assert zones == {DEFAULT_ZONE: {HOSTNAME}, VM_ZONE: {VM_HOSTNAME}}
    request = {**portal(), "id": NAME, "mlps_level": 3}
    platform = Path(govcloud.environment["GOVCLOUD_TENANTS"]) / "platform.yaml"
    with machine.offered(platform, request["classification"]), throwaway.tenant(govcloud, request):
        succeed(govcloud, "up", NAME)
        server = cloud.compute.find_server(HOST, details=True, all_projects=True)
        placed = (server.availability_zone, server.compute_host)
        assert placed == (VM_ZONE, VM_HOSTNAME)
        deployment = open_deployment(settings)
        boot = started(deployment)
        # Alone: no host of the first machine has asked for the package mirror on its behalf.
        succeed(govcloud, "deploy", NAME)
        again = json.loads(succeed(govcloud, "deploy", NAME, "--json"))
        assert [host["changed"] for host in again["hosts"]] == [[]]
        # The auditor comes through the bastion.
        succeed(govcloud, "deploy", PLATFORM)
        assert is_confined(deployment)
        on(deployment, f"sudo apparmor_parser --remove {PROFILE}")
        assert not is_confined(deployment)
        on(deployment, f"sudo rm {STRAY}")
        assert audited(govcloud) == ({"portal/server_confined"}, set())
        # Locked rules change with the next restart: one fewer, and not locked any more.
        on(deployment, f"sudo cp -a {RULES} /root/; sudo sed -i '/etc.shadow/d; /^-e 2/d' {RULES}")
        on(deployment, f"sudo sh -ec {shlex.quote(UNCONFINED.breaks)}")
        boot = restarted(deployment, boot)
        assert not is_confined(deployment)
        on(deployment, f"sudo rm {STRAY}")
        for mutation in KERNEL:
            on(deployment, f"sudo sh -ec {shlex.quote(mutation.breaks)}")
        together = (UNCONFINED, *KERNEL)
        red = set(LOOSE_RULES).union(*(mutation.red for mutation in together))
        assert audited(govcloud) == (red, set())
        for mutation in together:
            on(deployment, f"sudo sh -ec {shlex.quote(mutation.mends)}")
        on(deployment, f"sudo mv /root/{Path(RULES).name} {RULES}; sudo augenrules --load")
        assert audited(govcloud) == (set(UNCONFINED.red), set())
        boot = bear(govcloud, deployment, boot, tmp_path)
        succeed(govcloud, "deploy", NAME)
        restarted(deployment, boot)
        assert has(deployment) == (True, True, True)
        assert audited(govcloud) == (set(), set())
        record(RECORD, HOST, {one.breaks: one.red for one in together})
        record(RECORD, HOST, ALONE)
        options = on(deployment, "findmnt -no OPTIONS /var/log/audit").split(",")
        assert {"nodev", "nosuid", "noexec"} <= set(options)
