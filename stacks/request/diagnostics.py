"""What is wrong with a request file, and where: one diagnostic per finding, all findings in one report."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from stacks.language import entries, knows, say

Key = tuple[str | int, ...]
"""Where a value stands in its file: the keys, and the numbers of list items, that lead to it."""

SHOWN = 60
"""Characters of a wrong value that a message repeats."""

MAX_FINDINGS = 100
"""Findings of one file that help a person; more of them only hide the first."""


class Severity(StrEnum):
    """What a finding means: an `error` stops everything, a `warning` is worth a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Position:
    """A stretch of a YAML file.

    Attributes:
        file: path of the file as the person gave it.
        line: first line, counted from 1.
        column: first character of that line, counted from 1.
        end_line: last line.
        end_column: the character after the last one; equal to `column` where nothing is marked.
    """

    file: Path
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    def __str__(self) -> str:
        """`file:line:column` as seen from the working directory; editors and CI turn it into a link."""
        return f"{self.shown_file}:{self.line}:{self.column}"

    @property
    def shown_file(self) -> Path:
        """The file as seen from the working directory, where it lies below it."""
        here = Path.cwd()
        return self.file.relative_to(here) if self.file.is_relative_to(here) else self.file


@dataclass(frozen=True)
class Diagnostic:
    """One finding: where, what is wrong, what was expected.

    Attributes:
        code: `GC0xx`; it has a page in docs/rules and its words in the catalogue.
        key: the key path that it is about; empty for the file as a whole.
        value: the offending value; `None` where there is none, as for a missing key.
        valid: every name that would have been right, where they can be listed.
        details: what fills the words of the code, beside `value`.
    """

    code: str
    position: Position
    key: Key = ()
    value: object = None
    valid: tuple[str, ...] | None = None
    details: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """One line: `file:line:column: code message`."""
        return f"{self.position}: {self.code} {self.message}"

    @property
    def severity(self) -> Severity:
        """Whether it stops everything; an attribute of the code."""
        return Severity(entries(self.code).get("severity", Severity.ERROR))

    @property
    def title(self) -> str:
        """What the code asks for, as a heading."""
        return say(f"{self.code}.title")

    @property
    def what(self) -> str:
        """What is wrong, without the key."""
        return say(f"{self.code}.what", value=shown(self.value), **self.details)

    @property
    def expected(self) -> str:
        """What would have been right: a description, or all valid names; empty where `what` says it."""
        if knows(f"{self.code}.expected"):
            return say(f"{self.code}.expected", **self.details)
        if self.valid is None:
            return ""
        return say("hint.one-of", names=self.valid) if self.valid else say("hint.none")

    @property
    def nearest(self) -> str | None:
        """The valid name that the value most probably means."""
        return nearest(str(self.value), self.valid or ())

    @property
    def hint(self) -> str:
        """What to write instead: the nearest name, else what was expected."""
        if name := self.nearest:
            return say("hint.did-you-mean", name=name)
        return say("hint.expected", what=self.expected) if self.expected else ""

    @property
    def subject(self) -> str:
        """What is wrong, with the key that it is about."""
        return say("hint.at-key", key=dotted(self.key), what=self.what) if self.key else self.what

    @property
    def message(self) -> str:
        """Everything in one sentence."""
        return say("hint.sentence", what=self.subject, hint=self.hint) if self.hint else self.subject


def dotted(key: Key) -> str:
    """A key path as one word."""
    return cut(".".join(map(str, key)))


def cut(text: str) -> str:
    """A text that may be long, short enough for a message."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def shown(value: object) -> str:
    """A value as a message repeats it."""
    if value is None:
        return say("hint.nothing")
    if isinstance(value, Mapping):
        return say("hint.keys")
    if isinstance(value, list | tuple):
        return say("hint.list") if value else say("hint.empty-list")
    return str(value).lower() if isinstance(value, bool) else cut(repr(value))


def nearest(value: str, valid: Iterable[str]) -> str | None:
    """The valid name that is written most like the value, if one is."""
    return next(iter(difflib.get_close_matches(value, sorted(valid), n=1)), None)


def did_you_mean(value: str, valid: Iterable[str]) -> str:
    """The end of a message about an unknown name: the nearest valid name, else all of them."""
    names = tuple(sorted(valid))
    if near := nearest(value, names):
        return say("hint.did-you-mean", name=near)
    return say("hint.expected", what=say("hint.one-of", names=names)) if names else say("hint.none")
