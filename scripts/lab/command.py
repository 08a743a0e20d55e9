"""Run an ordinary program to its end, with its output in a log and a readable error when it fails."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from stacks.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

TAIL = 12


def last_lines(log: Path, count: int = TAIL) -> str:
    """The end of a log, as an error message quotes it."""
    if not log.exists():
        return f"({log} was not written)"
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - 65536))
        lines = stream.read().decode(errors="replace").splitlines()
    return "\n".join(line[:400] for line in lines[-count:]) or "(empty log)"


def run(
    what: str,
    argv: Sequence[str | Path],
    log: Path,
    env: Mapping[str, str] | None = None,
    hint: str = "",
    stdin: str = "",
) -> None:
    """Run `argv`, its output appended to `log`.

    Raises:
        LabError: it exited with another status than 0; quotes the end of the log.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        done = subprocess.run(
            [str(word) for word in argv],
            env=os.environ | dict(env or {}),
            input=stdin.encode(),
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise LabError(
            f"{what} failed (exit status {done.returncode}). The end of {log}:\n{last_lines(log)}",
            hint or "mend what the log names, then run `govcloud lab up` again: it goes on where it stopped.",
        )
