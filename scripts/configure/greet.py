"""The first word with every host: waits until it answers, remembers its key, and leaves the connection open.

Ansible then uses the open connections, and a host that cannot be reached is told from one that fails.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.access.ssh import BASTION

PATIENCE = 180.0
"""Seconds that a host may take to answer; a restart takes less. A first start may not (`attempts`)."""
PAUSE = 2.0
HOPELESS = ("Host key verification failed", "REMOTE HOST IDENTIFICATION HAS CHANGED", "Could not resolve")


def greet(hosts: Collection[str], ssh_config: Path, patience: float = PATIENCE) -> dict[str, str]:
    """Greet every host at once, by a new connection.

    Returns:
        What SSH said, by name of each host that did not answer.
    """
    if not hosts:
        return {}
    part(hosts, ssh_config)
    with ThreadPoolExecutor(max_workers=len(hosts)) as pool:
        answers = pool.map(lambda host: _greet(host, ssh_config, time.monotonic() + patience), hosts)
    return {host: answer for host, answer in zip(hosts, answers, strict=True) if answer}


def part(hosts: Collection[str], ssh_config: Path) -> None:
    """Use the connections that are kept open no more; what runs over them goes on.

    A connection keeps the groups that its user had when it was opened, and may not call sudo with them.
    """
    for host in hosts:
        command = ["ssh", "-F", str(ssh_config), "-O", "stop", host]
        subprocess.run(command, capture_output=True, check=False)


def answers(host: str, ssh_config: Path) -> bool:
    """Whether a host answers, asked once."""
    return not _attempt(host, ssh_config)


def hopeless(said: str) -> bool:
    """Whether waiting is in vain after what SSH said."""
    return any(text in said for text in HOPELESS)


def remembered(ssh_config: Path) -> frozenset[str]:
    """What the hosts' keys are remembered under; a host has one as soon as it has said a word."""
    keys = Path(_setting(BASTION, ssh_config, "userknownhostsfile").split()[0])
    lines = keys.read_text(encoding="utf-8").splitlines() if keys.exists() else []
    return frozenset(line.split()[0] for line in lines if line.strip())


def known_as(host: str, ssh_config: Path) -> str:
    """What a host's key is, or will be, remembered under."""
    return _setting(host, ssh_config, "hostkeyalias")


def _setting(host: str, ssh_config: Path, name: str) -> str:
    command = ["ssh", "-F", str(ssh_config), "-G", host]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return dict(line.partition(" ")[::2] for line in told.splitlines())[name]


def _greet(host: str, ssh_config: Path, deadline: float) -> str:
    """What SSH said at last; empty when the host answered."""
    while True:
        said = _attempt(host, ssh_config)
        if not said or time.monotonic() > deadline or hopeless(said):
            return said
        time.sleep(PAUSE)


def _attempt(host: str, ssh_config: Path) -> str:
    command = ["ssh", "-F", str(ssh_config), "-o", "BatchMode=yes", host, "true"]
    # The connection that stays open keeps its stderr: a pipe would never end.
    log = ssh_config.with_name(f"greet-{host}.log")
    with log.open("w+") as file:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, check=False)
        file.seek(0)
        said = file.read().strip()
    log.unlink()
    return "" if done.returncode == 0 else (said or f"ssh ended with code {done.returncode}")
