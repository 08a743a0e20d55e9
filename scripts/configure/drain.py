"""Hosts that leave are taken out of service before they are removed: no answer under way is cut."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from scripts.access.ssh import SshFiles, Way, write_config
from scripts.configure.greet import greet, part
from stacks.cloud import CloudAccess
from stacks.plan.model import Plan
from stacks.settings import Settings

SERVICE = "nginx.service"
"""What serves a portal; `systemctl stop` returns when it has given its last answer (role `portal`)."""

GREETING_SECONDS = 20.0
"""A host that leaves may be broken: it is not waited for as one that boots."""

STOPPING_SECONDS = 60.0
"""More than the portal waits for its last answer (`portal_farewell_seconds`)."""

NOT_INSTALLED = 5
"""Exit code of systemctl(1) for a unit that does not exist: the host serves no portal."""


def drain(
    settings: Settings, plan: Plan, access: CloudAccess, bastion: Way, leaving: Sequence[Way]
) -> dict[str, str]:
    """Stop the portals of hosts side by side; new callers are refused at once and go to another address.

    Args:
        leaving: how the hosts are reached, behind the bastion.

    Returns:
        Why a host could not be drained, by its name; it is out of order, and shall leave all the same.
    """
    usual = SshFiles.of(settings)
    files = SshFiles(usual.config.with_name("drain"), usual.key, usual.known_hosts, usual.sockets)
    user = plan.platform.platform.cloud.image_user
    config = write_config(files, user, access.proxy_endpoint, bastion, leaving)
    hosts = [way.name for way in leaving]
    troubles = greet(hosts, config, GREETING_SECONDS)
    reached = [host for host in hosts if host not in troubles]
    with ThreadPoolExecutor() as pool:
        said = zip(reached, pool.map(partial(_stop, config), reached), strict=True)
        troubles |= {host: trouble for host, trouble in said if trouble}
    part(reached, config)
    return troubles


def _stop(ssh_config: Path, host: str) -> str:
    """What went wrong; empty when the host serves no more."""
    ssh = ("ssh", "-F", str(ssh_config), "-o", "BatchMode=yes", host)
    command = [*ssh, "sudo", "systemctl", "stop", SERVICE]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=STOPPING_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"{SERVICE} has not stopped after {STOPPING_SECONDS:.0f} s"
    return "" if done.returncode in {0, NOT_INSTALLED} else done.stderr.strip()
