"""A finding on a terminal: the line that it is about, marked below; wide characters keep aligned."""

from __future__ import annotations

import functools
from pathlib import Path

from rich.cells import cell_len
from rich.text import Text

from stacks.language import say
from stacks.request.diagnostics import Diagnostic, Position, Severity
from stacks.request.text import FORBIDDEN, MAX_BYTES

WIDTH = 140
"""Columns of a line that are shown; of a longer one the part around the mark."""

BEFORE = 40
"""Characters before the mark that are kept where a line is cut."""

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}


def rendered(finding: Diagnostic) -> Text:
    """The whole finding: code, message, place, snippet, what was expected, where to read on."""
    style = STYLES[finding.severity]
    head = say("check.head", severity=say(f"check.{finding.severity}"), code=finding.code)
    text = Text.assemble((head, style), f" {finding.subject}\n", ("  --> ", "blue"), str(finding.position))
    text.append_text(_marked(finding.position, style))
    for note in _notes(finding):
        text.append("\n   = ", "blue").append(note)
    return text.append("\n")


def _notes(finding: Diagnostic) -> list[str]:
    notes = [say("check.did-you-mean", name=finding.nearest)] if finding.nearest else []
    notes += [say("check.expected", what=finding.expected)] if finding.expected else []
    return [*notes, say("check.page", code=finding.code)]


def _marked(position: Position, style: str) -> Text:
    """The first line of the stretch with carets below it; nothing where nothing is marked."""
    if (position.line, position.column) == (position.end_line, position.end_column):
        return Text()
    lines = _lines(position.file)
    if position.line > len(lines):
        return Text()
    line = lines[position.line - 1]
    start = position.column - 1
    end = position.end_column - 1 if position.end_line == position.line else len(line)
    line, start, end = _window(line, start, max(end, start + 1))
    margin = " " * len(number := str(position.line))
    carets = " " * cell_len(line[:start]) + "^" * max(1, cell_len(line[start:end]))
    bar = ("|", "blue")
    return Text.assemble(
        f"\n{margin} ", bar, f"\n{number} ", bar, f" {line}\n{margin} ", bar, " ", (carets, style)
    )


def _window(line: str, start: int, end: int) -> tuple[str, int, int]:
    """A line that is too long, cut on both ends around its mark."""
    if cell_len(line) <= WIDTH:
        return line, start, end
    first = max(0, start - BEFORE)
    shown, head = line[first : first + WIDTH // 2], "…" if first else ""
    tail = "…" if first + len(shown) < len(line) else ""
    shift = len(head) - first
    return f"{head}{shown}{tail}", start + shift, min(end + shift, len(head) + len(shown))


@functools.lru_cache(maxsize=8)
def _lines(path: Path) -> list[str]:
    """The file's lines, with nothing in them that a terminal would obey; none where it cannot be read."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES)
    except OSError:
        return []
    text = raw.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    return FORBIDDEN.sub("\ufffd", text).replace("\t", " ").split("\n")
