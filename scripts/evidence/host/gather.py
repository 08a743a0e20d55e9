"""One call a host: sends the runner with its questions, keeps the answers."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import testinfra
from testinfra.host import Host

from scripts.evidence.host import runner
from scripts.evidence.host.facts import Answer, HostFacts
from scripts.evidence.host.questions import Subject, questions_for
from stacks.errors import HostError

MARK = "GOVCLOUD_END_OF_RUNNER"


def connect(name: str, ssh_config: Path) -> Host:
    """A testinfra host over the deployment's own SSH configuration.

    `controlpersist=0` keeps testinfra from asking for a second, socket-less multiplexing: with it the
    configuration's own ControlMaster is used, and a command takes one round trip.
    """
    return testinfra.get_host(f"ssh://{name}?ssh_config={quote(str(ssh_config))}&controlpersist=0&timeout=20")


def gather(host: Host, name: str, subject: Subject) -> HostFacts:
    """Everything that the checks need to know of one host.

    Raises:
        HostError: the host cannot be reached, or its login may not become root.
    """
    started = time.time()
    try:
        result = host.run(script(questions_for(subject)))
    except RuntimeError as error:
        raise HostError(
            f"host {name} cannot be reached: {_last_line(error.args[0].stderr)}.", _HINT
        ) from error
    finished = time.time()
    if result.rc != 0:
        raise HostError(f"host {name} did not answer: {_last_line(result.stderr)}.", _HINT)
    answers = {key: Answer(*value) for key, value in json.loads(result.stdout).items()}
    return HostFacts(name, answers, seconds=finished - started, asked_at=(started + finished) / 2)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "ssh said nothing"


def script(questions: Mapping[str, str]) -> str:
    """The shell command that runs the runner as root with these questions."""
    source = Path(runner.__file__).read_text(encoding="utf-8")
    asked = f"QUESTIONS = {dict(questions)!r}\n"
    body = source.replace(
        "from __future__ import annotations\n", f"from __future__ import annotations\n{asked}", 1
    )
    return f"sudo -n python3 -I - <<'{MARK}'\n{body}\n{MARK}"


_HINT = "Try `ssh -F FILE NAME` with the file ssh/config of the deployment's home; is the host up?"
