"""Cases from `fixtures/`: a small edit of a valid landing zone, and every finding that it must bring."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from stacks.request.landing_zone import check

FIXTURES = Path(__file__).parent / "fixtures"
BASE = FIXTURES / "base"


@dataclass(frozen=True)
class Case:
    """One line of a fixture file.

    Attributes:
        edit: for each file, pairs of the text that stands in the base and what replaces it.
        add: new files.
        text: a whole file instead of an edit.
        expect: every finding, as a person reads it, in order.
    """

    case: str
    expect: list[str]
    edit: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    add: dict[str, str] = field(default_factory=dict)
    text: str = ""

    def apply(self, folder: Path) -> Path:
        """A copy of the base with the edits and the new files."""
        zone = Path(shutil.copytree(BASE, folder / "tenants"))
        for name, changes in self.edit.items():
            content = (zone / name).read_text(encoding="utf-8")
            for old, new in changes:
                assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {name}"
                content = content.replace(old, new)
            (zone / name).write_text(content, encoding="utf-8")
        for name, content in self.add.items():
            (zone / name).write_text(content, encoding="utf-8")
        return zone


def read(name: str) -> list[Case]:
    """The cases of one fixture file."""
    rows: list[dict[str, Any]] = yaml.safe_load((FIXTURES / name).read_text(encoding="utf-8"))
    return [Case(**row) for row in rows]


def findings(zone: Path) -> list[str]:
    """What `govcloud check` says, with paths as seen from the folder."""
    return [str(item).replace(f"{zone}/", "") for item in check(zone)[1]]
