"""The daily comparison of a host with its base, parsed."""

from __future__ import annotations

import json
from dataclasses import dataclass

SKIPPED = "was skipped"
"""What systemd says of a unit whose condition is not met; it counts such a job as done."""


@dataclass(frozen=True)
class Base:
    """What the host is compared with.

    Attributes:
        size: in bytes.
        made: Unix time; whoever made it compared the host with the one before.
    """

    size: int
    made: float


@dataclass(frozen=True)
class Comparison:
    """A run of the daily comparison, as systemd recorded it.

    Attributes:
        ended: Unix time.
        result: of systemd's job: `done`, `failed` …; `skipped` when there was nothing to compare with.
    """

    ended: float
    result: str


def base(text: str) -> Base:
    """Read `stat -c '%s %Y'`."""
    size, made = text.split()
    return Base(int(size), float(made))


def comparison(text: str) -> Comparison | None:
    """The newest record of a run; none on a host that was never compared.

    Raises:
        ValueError: the answer has no end.
    """
    *lines, last = text.splitlines()
    if last != "end":
        raise ValueError("the answer has no end")
    if not lines:
        return None
    entry = json.loads(lines[-1])
    result = "skipped" if SKIPPED in entry["MESSAGE"] else str(entry["JOB_RESULT"])
    return Comparison(int(entry["__REALTIME_TIMESTAMP"]) / 1_000_000, result)
