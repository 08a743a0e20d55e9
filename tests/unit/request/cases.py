"""Cases from `fixtures/`: a small edit of a valid landing zone, and every code that it must bring."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from stacks.request.landing_zone import check

FIXTURES = Path(__file__).parent / "fixtures"
BASE = FIXTURES / "base"


@dataclass(frozen=True)
class Case:
    """One case of a fixture file.

    Attributes:
        finds: the codes of all findings, each once; empty where everything is in order.
        edit: for each file, pairs of the text that stands in the base and what replaces it.
        add: new files, or other contents for files of the base.
        encode: for each file, the encoding that it is written in.
        raw: for each file, all of its bytes in hexadecimal.
        repeat: for each file, a text and how often it is written.
        place: what else lies there: `nothing`, `folder`, `pipe`, or `-> target` for a link.
        day: of the check; without one, nothing expires.
    """

    case: str
    finds: tuple[str, ...] = ()
    edit: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    add: dict[str, str] = field(default_factory=dict)
    encode: dict[str, str] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    repeat: dict[str, tuple[str, int]] = field(default_factory=dict)
    place: dict[str, str] = field(default_factory=dict)
    day: date | None = None

    def apply(self, folder: Path) -> Path:
        """A copy of the base with the edits and the new files."""
        zone = Path(shutil.copytree(BASE, folder / "tenants"))
        for name, changes in self.edit.items():
            content = (zone / name).read_text(encoding="utf-8")
            for old, new in changes:
                assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {name}"
                content = content.replace(old, new)
            (zone / name).write_text(content, encoding="utf-8")
        for name, raw in self._contents(zone).items():
            (zone / name).parent.mkdir(exist_ok=True)
            (zone / name).write_bytes(raw)
        for name, kind in self.place.items():
            _place(zone / name, kind)
        return zone

    def _contents(self, zone: Path) -> dict[str, bytes]:
        return {
            **{name: text.encode() for name, text in self.add.items()},
            **{name: (zone / name).read_text("utf-8").encode(how) for name, how in self.encode.items()},
            **{name: bytes.fromhex(digits) for name, digits in self.raw.items()},
            **{name: text.encode() * times for name, (text, times) in self.repeat.items()},
        }


def _place(path: Path, kind: str) -> None:
    path.unlink(missing_ok=True)
    if kind == "nothing":
        return
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(kind.removeprefix("-> "))


def read(name: str) -> list[Case]:
    """The cases of one fixture file."""
    rows: list[dict[str, Any]] = yaml.safe_load((FIXTURES / name).read_text(encoding="utf-8"))
    return [Case(**{**row, "finds": tuple(row["finds"])}) for row in rows]


def findings(zone: Path) -> list[str]:
    """What `govcloud check` says, with paths as seen from the folder."""
    return [str(item).replace(f"{zone}/", "") for item in check(zone)[1]]
