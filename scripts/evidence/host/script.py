"""The script that a host answers the audit with: the runner, with every question written into it.

It is made from the plan and this commit alone, so an auditor knows its checksum without asking the host.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from scripts.evidence.host import runner
from scripts.evidence.host.questions import Subject, questions_for
from stacks.plan.model import Plan

INTERPRETER = "#!/usr/bin/python3 -I\n"
FUTURE = "from __future__ import annotations\n"


def script(plan: Plan) -> str:
    """The whole script."""
    source = Path(runner.__file__).read_text(encoding="utf-8")
    questions = f"QUESTIONS = {questions_for(Subject.of(plan))!r}\n"
    return INTERPRETER + source.replace(FUTURE, FUTURE + questions, 1)


def checksum(plan: Plan) -> str:
    """SHA-256 of the script, in hexadecimal digits."""
    return sha256(script(plan).encode()).hexdigest()
