"""Text that is no YAML at all: the parser's complaint in the words of the person who wrote the file."""

from __future__ import annotations

from pathlib import Path

import yaml

from stacks.request.diagnostics import Diagnostic, Position

OTHER = "GC020"
TAB = "GC021"
COLON_OR_INDENT = "GC022"
OPEN_QUOTE = "GC023"
OPEN_BRACKET = "GC024"
WIDE_PUNCTUATION = "GC025"
CONFLICT = "GC039"

MARK = 7
"""Characters of a mark that Git leaves where it could not merge."""

MARKS = tuple(sign * MARK for sign in "<=>")

WIDE_SIGNS = "\uff1a\uff0c\uff3b\uff3d\uff5b\uff5d\uff02\uff07\uff03\uff0d\u201c\u201d"
"""What a Chinese keyboard writes in place of `: , [ ] { } " ' # - "`."""

QUOTED, BRACKETED = "while scanning a quoted scalar", ("while parsing a flow", "while parsing a node")


def conflicts(path: Path, text: str) -> list[Diagnostic]:
    """A finding for each mark that an unfinished merge left."""
    lines = enumerate(text.split("\n"))
    return [Diagnostic(CONFLICT, _at(path, line, 0, MARK)) for line, said in lines if said.startswith(MARKS)]


def explain_syntax(path: Path, text: str, error: yaml.MarkedYAMLError) -> Diagnostic:
    """The finding for a file that the parser gave up; marked is the character where it did."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    began = error.context_mark.line + 1 if error.context_mark else line + 1
    said = ", ".join(part for part in (error.context, error.problem) if part)
    written = text.split("\n")[began - 1 : line + 1]
    details = {"said": said, "began": began}
    if wide := _wide_sign(written):
        line, column = began - 1 + wide[0], wide[1]
        return Diagnostic(WIDE_PUNCTUATION, _at(path, line, column), details=details)
    code = TAB if written and "\t" in written[-1][: column + 1] else _code(error)
    return Diagnostic(code, _at(path, line, column), details=details)


def _at(path: Path, line: int, column: int, length: int = 1) -> Position:
    return Position(path, line + 1, column + 1, line + 1, column + 1 + length)


def _wide_sign(lines: list[str]) -> tuple[int, int] | None:
    """Line and column of the first full-width sign."""
    places = (
        (row, column)
        for row, line in enumerate(lines)
        for column, sign in enumerate(line)
        if sign in WIDE_SIGNS
    )
    return next(places, None)


def _code(error: yaml.MarkedYAMLError) -> str:
    context, problem = error.context or "", error.problem or ""
    if context == QUOTED:
        return OPEN_QUOTE
    if context.startswith(BRACKETED) and "did not find expected" in problem:
        return OPEN_BRACKET
    return COLON_OR_INDENT if "mapping values" in problem else OTHER
