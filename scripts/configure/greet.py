"""The first word with every host: waits until it answers, remembers its key, and leaves the connection open.

Ansible then uses the open connections, and a host that cannot be reached is told from one that fails.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PATIENCE = 180.0
"""Seconds that a host may take to answer; a new one boots, and gets its key, in less, even if emulated."""
PAUSE = 2.0
HOPELESS = ("Host key verification failed", "REMOTE HOST IDENTIFICATION HAS CHANGED", "Could not resolve")


def greet(hosts: Sequence[str], ssh_config: Path, patience: float = PATIENCE) -> dict[str, str]:
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


def part(hosts: Sequence[str], ssh_config: Path) -> None:
    """Use the connections that are kept open no more; what runs over them goes on.

    A connection keeps the groups that its user had when it was opened, and may not call sudo with them.
    """
    for host in hosts:
        command = ["ssh", "-F", str(ssh_config), "-O", "stop", host]
        subprocess.run(command, capture_output=True, check=False)


def _greet(host: str, ssh_config: Path, deadline: float) -> str:
    """What SSH said at last; empty when the host answered."""
    while True:
        said = _attempt(host, ssh_config)
        if not said or time.monotonic() > deadline or any(text in said for text in HOPELESS):
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
