"""Probes from hosts: one SSH call each, which carries the prober on stdin and brings the outcomes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from scripts.prove import prober
from scripts.prove.prober import Outcome
from stacks.errors import HostError
from stacks.plan.reachability import Prober

SSH_FAILED = 255
"""Exit code of ssh when it did not get as far as the command (ssh(1))."""

PATIENCE = 120.0
"""Seconds for one host's whole call."""

COMMAND = ("sudo", "-n", "python3", "-I", "-")
"""Root, because packets below the host's own firewall need it; nothing is written on the host."""


@dataclass(frozen=True)
class Outcomes:
    """What one host's probes met, each list in the order of the probes."""

    connected: tuple[Outcome, ...]
    wired: tuple[Outcome, ...]


async def probe_from(
    ssh_config: Path, source: Prober, probes: Sequence[tuple[IPv4Address, int, bool]], timeout: float
) -> Outcomes:
    """Send every probe (address, port, whether it must arrive) from one host.

    Raises:
        HostError: the host cannot be reached, or cannot run the prober.
    """
    job = {
        "probes": [(str(address), port, must) for address, port, must in probes],
        "address": str(source.address),
        "gateway": str(source.gateway),
        "timeout": timeout,
    }
    text = f"{Path(prober.__file__).read_text(encoding='utf-8')}\nmain({json.dumps(job)!r})\n"
    answer = json.loads(await _ssh(ssh_config, source, text))
    return Outcomes(tuple(map(Outcome, answer["connect"])), tuple(map(Outcome, answer["wire"])))


async def _ssh(ssh_config: Path, source: Prober, text: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        "ssh", "-F", str(ssh_config), source.host, *COMMAND,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            output, complaint = await process.communicate(text.encode())
    except TimeoutError as error:
        raise _unreachable(ssh_config, source, f"nothing for {PATIENCE:.0f} s") from error
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode == 0:
        return output
    said = complaint.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
    if process.returncode == SSH_FAILED:
        raise _unreachable(ssh_config, source, said[0])
    raise HostError(
        f"{source.host}, which probes for {source.source}, cannot run the prober: {said[0]}.",
        "The host needs python3 (3.11 or newer) and password-less sudo for the login user.",
    )


def _unreachable(ssh_config: Path, source: Prober, said: str) -> HostError:
    return HostError(
        f"{source.host}, which probes for {source.source}, does not answer SSH: {said}.",
        f"Try `ssh -F {ssh_config} {source.host}`; until it works, silence would prove nothing.",
    )
