"""Layers: platform defaults below a template below the request, as one document that knows origins.

The order is the same everywhere: what a higher layer writes wins. Keys with values are merged key by key,
lists whose entries have a `name` entry by entry, every other list is taken whole from the highest layer
that writes it, and an empty value or list takes the place of what lies below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stacks.request.diagnostics import Key, Position
from stacks.request.document import Document


@dataclass(frozen=True)
class Layer:
    """A part of a document: all of it, or what stands below a key."""

    document: Document
    key: Key = ()

    def data(self) -> Any:  # noqa: ANN401  whatever a YAML file may hold
        """What is written there; nothing where the key is not written."""
        found = self.document.data
        for part in self.key:
            found = found.get(part) if isinstance(found, dict) else None
        return found


@dataclass(frozen=True)
class Layered(Document):
    """A document made of layers; positions point into the file that a value came from."""

    origins: Mapping[Key, tuple[Document, Key]] = field(default_factory=dict)

    def position(self, *key: str | int) -> Position:
        """The place of a key path in its own file, or of its nearest parent that was written."""
        document, own = self.origin(key)
        return document.position(*own)

    def key_position(self, *key: str | int) -> Position:
        """The place of a key in its own file, or of its nearest parent that was written."""
        document, own = self.origin(key)
        return document.key_position(*own)

    def origin(self, key: Key) -> tuple[Document, Key]:
        """The document that wrote a value, and the key path there."""
        written = next(key[:length] for length in range(len(key), -1, -1) if key[:length] in self.origins)
        document, own = self.origins[written]
        return document, (*own, *key[len(written) :])


@dataclass(frozen=True)
class _Part:
    """What one layer writes at one place."""

    document: Document
    key: Key
    data: Any


def overlay(lower: Sequence[Layer], request: Document) -> Document:
    """The request on top of the layers, the lowest first; the request itself where they are empty."""
    parts = [_Part(layer.document, layer.key, layer.data()) for layer in lower]
    parts = [part for part in parts if isinstance(part.data, dict)]
    if not parts:
        return request
    origins: dict[Key, tuple[Document, Key]] = {}
    data = _merged([*parts, _Part(request, (), request.data)], (), origins)
    return Layered(request.path, data, {}, {}, origins)


def _merged(parts: Sequence[_Part], key: Key, origins: dict[Key, tuple[Document, Key]]) -> object:
    top = parts[-1]
    origins[key] = (top.document, top.key)
    if isinstance(top.data, dict):
        mappings = [part for part in parts if isinstance(part.data, dict)]
        names = dict.fromkeys(name for part in mappings for name in part.data)
        return {name: _merged(list(_under(mappings, name)), (*key, name), origins) for name in names}
    if isinstance(top.data, list) and top.data:
        entries = _entries([part for part in parts if isinstance(part.data, list)])
        return [_merged(found, (*key, index), origins) for index, found in enumerate(entries)]
    return top.data


def _under(parts: Sequence[_Part], name: str) -> Iterator[_Part]:
    return (_Part(part.document, (*part.key, name), part.data[name]) for part in parts if name in part.data)


def _entries(parts: Sequence[_Part]) -> list[list[_Part]]:
    """For each entry of the merged list, what the layers write of it."""
    if not all(map(_named, parts)):
        return [[item] for item in _items(parts[-1])]
    found: dict[str, list[_Part]] = {}
    for part in parts:
        for item in _items(part):
            found.setdefault(item.data["name"], []).append(item)
    return list(found.values())


def _items(part: _Part) -> Iterator[_Part]:
    return (_Part(part.document, (*part.key, index), item) for index, item in enumerate(part.data))


def _named(part: _Part) -> bool:
    """Whether every entry has a name of its own; a list with a name twice is left for the check to refuse."""
    names = [item.get("name") if isinstance(item, dict) else None for item in part.data]
    return all(isinstance(name, str) for name in names) and len(set(names)) == len(names)
