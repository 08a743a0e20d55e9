"""One call a host: asks the script that the role `auditor` installed there, and keeps the answers."""

from __future__ import annotations

import json
import time
from pathlib import Path
from urllib.parse import quote

import testinfra
from testinfra.host import Host

from scripts.access.audit_session import QUESTION
from scripts.evidence.host.facts import Answer, HostFacts
from scripts.evidence.said import said
from stacks.errors import HostError


def connect(name: str, ssh_config: Path) -> Host:
    """A testinfra host over the deployment's own SSH configuration.

    `controlpersist=0` keeps testinfra from asking for a second, socket-less multiplexing: with it the
    configuration's own ControlMaster is used, and a command takes one round trip.
    """
    return testinfra.get_host(f"ssh://{name}?ssh_config={quote(str(ssh_config))}&controlpersist=0&timeout=20")


def gather(host: Host, name: str) -> HostFacts:
    """Everything that the checks need to know of one host.

    Raises:
        HostError: the host cannot be reached, or does not answer the auditor.
    """
    started = time.time()
    try:
        result = host.run(QUESTION)
    except RuntimeError as error:
        reason = _last_line(error.args[0].stderr)
        raise HostError(
            said("host {name} cannot be reached: {reason}.", name=name, reason=reason), _HINT
        ) from error
    finished = time.time()
    if result.rc != 0:
        reason = _last_line(result.stderr)
        raise HostError(said("host {name} did not answer: {reason}.", name=name, reason=reason), _HINT)
    answers = {key: Answer(*value) for key, value in json.loads(result.stdout).items()}
    return HostFacts(name, answers, seconds=finished - started, asked_at=(started + finished) / 2)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "ssh said nothing"


_HINT = (
    "Try `ssh -F FILE NAME audit` with the file ssh_config of the auditor's folder. Is the host up? "
    "Has `govcloud deploy` made the auditor's account there?"
)
