"""YAML with positions: plain data, and for every value the place where it was written.

The file is read by the core schema of YAML 1.2, as editors read it: `yes`, `on` and `010` are text and
never turn into something else; only `true` and `false` are booleans. Aliases and tags are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from stacks.request.diagnostics import Diagnostic, Position
from stacks.request.explain import consequential, explain
from stacks.request.text import MAX_BYTES, read_text

Key = tuple[str | int, ...]

M = TypeVar("M", bound=BaseModel)

MAX_DEPTH = 32
"""Nothing in a request is nested deeper than a handful of levels."""

MAX_FINDINGS = 100
"""Findings of one file that help a person; more of them only hide the first."""

STANDARD_TAG = "tag:yaml.org,2002:"
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)?(\.[0-9]+|[0-9]\.)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class Document:
    """One YAML file: its data and the position of every key path in it."""

    path: Path
    data: Any
    positions: dict[Key, Position]

    def position(self, *key: str | int) -> Position:
        """The place of a key path, or of its nearest parent that was written."""
        for length in range(len(key), -1, -1):
            if key[:length] in self.positions:
                return self.positions[key[:length]]
        return Position(self.path, 1, 1)


class _Unreadable(Exception):  # noqa: N818  carries a finding, never reaches a caller
    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding)
        self.finding = finding


class _Reader:
    """Follows the parser's events once: collects data, positions and structural findings."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.positions: dict[Key, Position] = {}
        self.findings: list[Diagnostic] = []
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)

    def document(self) -> object:
        """The data of the only document; nothing where the file is empty."""
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        data = self._value(next(self._events), ())
        next(self._events)
        if isinstance(after := next(self._events), yaml.DocumentStartEvent):
            self._complain(after, "a second document starts here; a file holds one")
        return data

    def _complain(self, event: yaml.Event, message: str) -> None:
        self.findings.append(Diagnostic(self._at(event), message))

    def _at(self, event: yaml.Event) -> Position:
        return _position(self.path, event.start_mark)

    def _value(self, event: yaml.Event, key: Key) -> object:
        self.positions.setdefault(key, self._at(event))
        if len(key) > MAX_DEPTH:
            raise _Unreadable(Diagnostic(self._at(event), f"is nested deeper than {MAX_DEPTH} levels"))
        if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            self._complain(event, "aliases (*name) are not allowed; write the value out")
            return None
        if event.tag:
            self._complain(
                event, f"tag {event.tag.replace(STANDARD_TAG, '!!')} is not allowed; write the value alone"
            )
        if isinstance(event, yaml.CollectionStartEvent):
            return self._mapping(key) if isinstance(event, yaml.MappingStartEvent) else self._sequence(key)
        return _scalar(event.value) if event.implicit[0] else event.value

    def _sequence(self, key: Key) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*key, len(items))))
        return items

    def _mapping(self, key: Key) -> dict[str, object]:
        data: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _Unreadable(Diagnostic(self._at(event), "a key must be one word"))
            name = event.value
            if name in data:
                first = self.positions[*key, name].line
                self._complain(event, f"key {name!r} is written twice; first at line {first}")
                self._value(next(self._events), (*key, f"{name} again"))
                continue
            self.positions[*key, name] = self._at(event)
            data[name] = self._value(next(self._events), (*key, name))
        return data


class _Mark(Protocol):
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


def _position(path: Path, mark: _Mark | None) -> Position:
    return Position(path, mark.line + 1, mark.column + 1) if mark else Position(path, 1, 1)


def _scalar(text: str) -> object:
    if text in EMPTY:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text


def read_document(path: Path, limit: int = MAX_BYTES) -> tuple[Document, list[Diagnostic]]:
    """Read one file; where it cannot be read, the data is empty and the reason is one of the findings."""
    text, findings = read_text(path, limit)
    if findings:
        return Document(path, {}, {}), findings[:MAX_FINDINGS]
    reader = _Reader(path, text)
    data: object = None
    try:
        data = reader.document()
    except _Unreadable as error:
        reader.findings.append(error.finding)
    except yaml.MarkedYAMLError as error:
        reader.findings.append(_syntax(path, text, error))
    if not reader.findings and not isinstance(data, dict):
        expected = "expected keys with values" if data is not None else "the file is empty; copy an example"
        reader.findings.append(Diagnostic(Position(path, 1, 1), expected))
    return Document(path, data if isinstance(data, dict) else {}, reader.positions), reader.findings


def _syntax(path: Path, text: str, error: yaml.MarkedYAMLError) -> Diagnostic:
    position = _position(path, error.problem_mark or error.context_mark)
    message = ", ".join(part for part in (error.context, error.problem) if part)
    if error.problem_mark and error.context_mark and error.context_mark.line + 1 < position.line:
        message += f" (it began at line {error.context_mark.line + 1})"
    return Diagnostic(position, f"not valid YAML: {message}{_advice(text, position, message)}")


def _advice(text: str, position: Position, message: str) -> str:
    written = text.split("\n")[position.line - 1 : position.line]
    if written and "\t" in written[0][: position.column]:
        return "; a tab cannot indent, use spaces"
    return "; check the indent, and put text with a colon in quotes" if "mapping values" in message else ""


def parse(document: Document, model: type[M]) -> tuple[M | None, list[Diagnostic]]:
    """Turn a document into a model; every violation becomes a diagnostic at its place."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        items = [item for item in error.errors(include_url=False) if not consequential(item)]
        found = [explain(model, item) for item in items[:MAX_FINDINGS]]
        return None, [Diagnostic(document.position(*key), message) for key, message in found]
