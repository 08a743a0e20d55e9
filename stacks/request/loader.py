"""YAML with positions: plain data, and for every value the place where it was written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from stacks.request.diagnostics import Diagnostic, Position, did_you_mean

Key = tuple[str | int, ...]

M = TypeVar("M", bound=BaseModel)

MAX_BYTES = 1_000_000
"""A request is a page of text; anything larger is a mistake or an attack."""


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


class _Reader:
    """Walks the node tree once: collects data, positions and structural findings."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.positions: dict[Key, Position] = {}
        self.findings: list[Diagnostic] = []
        self._scalars = yaml.SafeLoader("")

    def at(self, node: yaml.Node) -> Position:
        return Position(self.path, node.start_mark.line + 1, node.start_mark.column + 1)

    def read(self, node: yaml.Node, key: Key) -> object:
        self.positions.setdefault(key, self.at(node))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, key)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*key, index)) for index, item in enumerate(node.value)]
        value: object = self._scalars.construct_object(node)
        return value

    def mapping(self, node: yaml.MappingNode, key: Key) -> dict[str, object]:
        data: dict[str, object] = {}
        for name_node, value_node in node.value:
            name = str(name_node.value)
            if name in data:
                first = self.positions[(*key, name)]
                self.findings.append(
                    Diagnostic(
                        self.at(name_node), f"key {name!r} is written twice; first at line {first.line}"
                    )
                )
                continue
            self.positions[*key, name] = self.at(name_node)
            data[name] = self.read(value_node, (*key, name))
        return data


def read_document(path: Path) -> tuple[Document, list[Diagnostic]]:
    """Read one file; a syntax error leaves the data empty and is one of the findings."""
    empty = Document(path, {}, {})
    try:
        text = path.read_bytes()
        if len(text) > MAX_BYTES:
            return empty, [
                Diagnostic(Position(path, 1, 1), f"file has {len(text)} bytes; at most {MAX_BYTES}")
            ]
        if b"&" in text and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            return empty, [
                Diagnostic(Position(path, 1, 1), "aliases (*name) are not allowed; write the value out")
            ]
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except OSError as error:
        return empty, [Diagnostic(Position(path, 1, 1), f"cannot be read: {error.strerror}")]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = getattr(error, "problem", None) or str(error)
        return empty, [Diagnostic(Position(path, line, column), f"not valid YAML: {problem}")]
    if not isinstance(node, yaml.MappingNode):
        return empty, [Diagnostic(Position(path, 1, 1), "expected a mapping of keys at the top of the file")]
    reader = _Reader(path)
    data = reader.read(node, ())
    return Document(path, data, reader.positions), reader.findings


def parse(document: Document, model: type[M]) -> tuple[M | None, list[Diagnostic]]:
    """Turn a document into a model; every violation becomes a diagnostic at its place."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        return None, [_diagnostic(document, model, dict(item)) for item in error.errors(include_url=False)]


def _diagnostic(document: Document, model: type[BaseModel], item: dict[str, Any]) -> Diagnostic:
    where: Key = tuple(part for part in item["loc"] if not str(part).startswith("function-"))
    dotted = ".".join(str(part) for part in where) or "file"
    if item["type"] == "missing":
        message = f"{dotted}: required key is missing"
    elif item["type"] == "extra_forbidden":
        hint = did_you_mean(str(where[-1]), _sibling_fields(model, where[:-1]))
        message = f"{dotted}: unknown key; {hint}"
    else:
        reason = item["msg"].removeprefix("Value error, ")
        message = f"{dotted}: {item['input']!r}: {reason[0].lower()}{reason[1:]}"
    return Diagnostic(document.position(*where), message)


def _sibling_fields(model: type[BaseModel], parents: Key) -> list[str]:
    """The keys that may stand beside an unknown one, found by following the models' own fields."""
    current: type[BaseModel] | None = model
    for part in parents:
        if current is None or isinstance(part, int) or part not in current.model_fields:
            continue
        current = _nested_model(current.model_fields[str(part)].annotation)
    return list(current.model_fields) if current else []


def _nested_model(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_nested_model(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in found if model), None)
