"""What was broken on real hosts and a real cloud, which checks turned red by it, and what that proves.

A control whose checks fail only on paper is not proved to be checked. The table is written into the folder of
the lab tests: `mutations.json` for programs, `mutations.md` for people.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from scripts.evidence.catalogue import read_catalogue
from stacks.settings import REPOSITORY
from tests.unit.evidence.checks import CHECKS

OWN_KERNEL = frozenset({"8.1.4.2-g"})
"""Controls that containers cannot show: they need a host with a kernel of its own."""


@dataclass(frozen=True)
class Mutation:
    """One thing that goes wrong on a host.

    Attributes:
        breaks: shell commands, as root.
        mends: shell commands that take it back.
        red: the checks that must fail by it, as `area/check`.
    """

    breaks: str
    mends: str
    red: frozenset[str]


@cache
def controls_of(check: str) -> frozenset[str]:
    """The controls that a check is evidence for."""
    return frozenset(control for item in CHECKS if item.name == check for control in item.controls)


def proved(red: Iterable[str]) -> frozenset[str]:
    """The controls that are proved when these checks have turned red, and green again."""
    return frozenset().union(*map(controls_of, red))


def record(file: Path, where: str, breaks: Mapping[str, Iterable[str]]) -> None:
    """Keep what was proved now.

    Args:
        breaks: for each thing that was broken, in words or commands, the checks that turned red.
    """
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    now, commit = datetime.now(UTC).isoformat(timespec="seconds"), _commit()
    for text, checks in breaks.items():
        for check in checks:
            for control in controls_of(check):
                known.setdefault(control, {})[check] = [text, where, now, commit]
    file.write_text(json.dumps(known, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def table(file: Path) -> str:
    """The record as a Markdown table: one line for each control and check."""
    known = json.loads(file.read_text(encoding="utf-8"))
    lines = ["| control | check | broken by | on | proved | commit |", "|---|---|---|---|---|---|"]
    for control in read_catalogue().controls:
        for check, (text, where, now, commit) in sorted(known.get(control, {}).items()):
            shown = " ".join(text.split()).replace("|", "\\|")
            lines.append(f"| {control} | {check} | `{shown}` | {where} | {now} | {commit[:10]} |")
    return "\n".join(lines) + "\n"


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
