"""Runs on the audited host, with its own Python and nothing installed: answers every question at once.

The role `auditor` installs this file with `QUESTIONS` set above it (`scripts.evidence.host.script`). It takes
no argument and reads no input, so whoever may run it as root can ask these questions and no others.
"""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

QUESTIONS: dict[str, str] = globals().get("QUESTIONS", {})

ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C.UTF-8",
    "SYSTEMD_COLORS": "0",
    "SYSTEMD_BUS_TIMEOUT": "110",
}
TIMEOUT = 120
"""Seconds for one answer: an emulated host on a busy machine needs a minute for its longest."""


def answer(command: str) -> tuple[int, str, str]:
    """Exit status, output and the end of the error output of one shell command."""
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT,
            env=ENVIRONMENT,
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 124, "", f"no answer within {TIMEOUT} s"
    return done.returncode, done.stdout, done.stderr[-500:]


def main() -> None:
    """Answer all questions, as JSON on standard output."""
    with ThreadPoolExecutor(max_workers=6) as pool:
        json.dump(dict(zip(QUESTIONS, pool.map(answer, QUESTIONS.values()), strict=True)), sys.stdout)


if __name__ == "__main__":
    main()
