"""YAML with positions: plain data, and for every key and value the place where it was written.

The file is read by the core schema of YAML 1.2, as editors read it: `yes`, `on` and `010` are text and
never turn into something else; only `true` and `false` are booleans. Aliases and tags are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from stacks.request.diagnostics import Diagnostic, Key, Position

ANCHOR = "GC027"
MERGE_KEY = "GC028"
TAG = "GC029"
SECOND_DOCUMENT = "GC030"
KEY_NOT_A_WORD = "GC031"
TOO_DEEP = "GC032"
REPEATED_KEY = "GC026"
LOOKS_BOOLEAN = "GC035"
LOOKS_LIKE_A_NUMBER = "GC036"
LOOKS_SEXAGESIMAL = "GC037"
DIRECTIVE = "GC038"

MAX_DEPTH = 32
"""Nothing in a request is nested deeper than a handful of levels."""

STANDARD_TAG = "tag:yaml.org,2002:"
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)?(\.[0-9]+|[0-9]\.)([eE][-+]?[0-9]+)?")
AMBIGUOUS = {
    LOOKS_BOOLEAN: re.compile(r"(?i:yes|no|on|off)"),
    LOOKS_LIKE_A_NUMBER: re.compile(r"[-+]?0[0-7_]+|0[xob][0-9a-fA-F_]+|[-+]?[1-9][0-9]*(_[0-9]+)+"),
    LOOKS_SEXAGESIMAL: re.compile(r"[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?"),
}
"""Plain words that are text here and in YAML 1.2, but something else to programs that follow YAML 1.1."""

NUMERIC = frozenset("-+.0123456789")
"""What a number begins with; most words begin with none of them, and need no closer look."""

DOUBTFUL = NUMERIC | frozenset("yYnNoO")
"""What an ambiguous word begins with."""

Mark = tuple[int, int, int, int]
"""Line and column of the start and of the end, counted from 0 as libyaml does."""


@dataclass(frozen=True)
class Document:
    """One YAML file: its data, and the place of every key path in it.

    Attributes:
        keys: where each key is written; for a list's item, where the item begins.
        values: where each value is written that is one word or one bracket.
    """

    path: Path
    data: Any
    keys: dict[Key, Mark]
    values: dict[Key, Mark]

    def position(self, *key: str | int) -> Position:
        """The place of a value; of its key where the value goes over several lines or is not there."""
        return self._position(self.values[key]) if key in self.values else self.key_position(*key)

    def key_position(self, *key: str | int) -> Position:
        """The place of a key, or of its nearest parent that was written."""
        written = next((key[:n] for n in range(len(key), -1, -1) if key[:n] in self.keys), None)
        if written is None:
            return Position(self.path)
        item = bool(written) and isinstance(written[-1], int)  # a list's item has no key to mark
        return self._position(self.values.get(written, self.keys[written]) if item else self.keys[written])

    def value(self, *key: str | int) -> object:
        """What is written at a key path; nothing where it is not."""
        found = self.data
        for part in key:
            try:
                found = found[part]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    def finding(
        self,
        code: str,
        *key: str | int,
        valid: Iterable[str] | None = None,
        about_key: bool = False,
        **details: object,
    ) -> Diagnostic:
        """A finding about the value at a key path, or about the key itself."""
        position = self.key_position(*key) if about_key else self.position(*key)
        names = None if valid is None else tuple(sorted(valid))
        return Diagnostic(code, position, key, self.value(*key), names, details)

    def _position(self, mark: Mark) -> Position:
        line, column, end_line, end_column = mark
        return Position(self.path, line + 1, column + 1, end_line + 1, end_column + 1)


class Unreadable(Exception):  # noqa: N818  carries a finding, never leaves the loader
    """The rest of the file cannot be made sense of."""

    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding)
        self.finding = finding


class Reader:
    """Follows the parser's events once: collects data, positions and structural findings."""

    def __init__(self, path: Path, text: str) -> None:
        self.document = Document(path, {}, {}, {})
        self.findings: list[Diagnostic] = []
        self._next: Callable[[], Any] = yaml.CSafeLoader(text).get_event

    def read(self) -> object:
        """The data of the only document; nothing where the file is empty.

        Raises:
            Unreadable: with the finding that says why.
            yaml.MarkedYAMLError: it is not YAML.
        """
        self._next()
        if isinstance(event := self._next(), yaml.StreamEndEvent):
            return None
        if isinstance(event, yaml.DocumentStartEvent) and (event.version or event.tags):
            self._complain(DIRECTIVE, event)
        data = self._item(self._next(), ())
        self._next()
        if isinstance(after := self._next(), yaml.DocumentStartEvent):
            self._complain(SECOND_DOCUMENT, after)
        return data

    def _complain(self, code: str, event: yaml.Event, key: Key = (), **details: object) -> None:
        self.findings.append(self._finding(code, event, key, **details))

    def _finding(self, code: str, event: yaml.Event, key: Key = (), **details: object) -> Diagnostic:
        line, column, end_line, end_column = _mark(event)
        position = Position(self.document.path, line + 1, column + 1, end_line + 1, end_column + 1)
        return Diagnostic(code, position, key, details=details)

    def _item(self, event: Any, key: Key) -> object:  # noqa: ANN401  as below
        """A value without a key of its own to mark."""
        self.document.keys[key] = _mark(event)
        return self._value(event, key)

    def _value(self, event: Any, key: Key) -> object:  # noqa: ANN401  libyaml's events share no useful type
        if len(key) > MAX_DEPTH:
            raise Unreadable(self._finding(TOO_DEEP, event, limit=MAX_DEPTH))
        if isinstance(event, yaml.AliasEvent):
            self.document.values[key] = _mark(event)
            self._complain(ANCHOR, event, name=f"*{event.anchor}")
            return None
        if event.anchor:
            self._complain(ANCHOR, event, name=f"&{event.anchor}")
        if event.tag:
            self._complain(TAG, event, tag=event.tag.replace(STANDARD_TAG, "!!"))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, key)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, key)
        self.document.values[key] = _mark(event)
        return self._plain(event, key) if event.implicit[0] else event.value

    def _plain(self, event: yaml.ScalarEvent, key: Key) -> object:
        value = scalar(event.value)
        if isinstance(value, str) and value[:1] in DOUBTFUL:
            for code, pattern in AMBIGUOUS.items():
                if pattern.fullmatch(value):
                    self._complain(code, event, key, word=value)
        return value

    def _close(self, start: yaml.CollectionStartEvent, end: yaml.Event, key: Key) -> None:
        """A collection in brackets is marked as a whole; one in lines by its key."""
        if start.flow_style:
            self.document.values[key] = (*_mark(start)[:2], *_mark(end)[2:])

    def _sequence(self, start: yaml.CollectionStartEvent, key: Key) -> list[object]:
        items: list[object] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._item(event, (*key, len(items))))
        self._close(start, event, key)
        return items

    def _mapping(self, start: yaml.CollectionStartEvent, key: Key) -> dict[str, object]:
        data: dict[str, object] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise Unreadable(self._finding(KEY_NOT_A_WORD, event))
            name = event.value
            if name == "<<":
                self._complain(MERGE_KEY, event)
                self._item(self._next(), (*key, name))
            elif name in data:
                first = self.document.keys[*key, name][0] + 1
                self._complain(REPEATED_KEY, event, (*key, name), line=first)
                self._item(self._next(), (*key, f"{name} again"))
            else:
                inner = (*key, name)
                self.document.keys[inner] = _mark(event)
                data[name] = self._value(self._next(), inner)
        self._close(start, event, key)
        return data


def _mark(event: yaml.Event) -> Mark:
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:  # libyaml marks every event; the types do not say so
        return (0, 0, 0, 0)
    return (start.line, start.column, end.line, end.column)


def scalar(text: str) -> object:
    """What a plain word is, by the core schema without its numbers in other bases than ten."""
    if text in EMPTY:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    if text[0] not in NUMERIC:
        return text
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text
