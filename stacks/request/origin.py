"""Where each value of a request came from: what `govcloud plan --explain` shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stacks.language import say
from stacks.request.diagnostics import Key, Position
from stacks.request.landing_zone import Source
from stacks.request.tenant import TenantRequest

MISSING = object()


@dataclass(frozen=True)
class Origin:
    """One value of a resolved request.

    Attributes:
        key: the path to it, in the names of the request.
        position: where it is written; `None` for a default of the language itself.
    """

    key: Key
    value: object
    position: Position | None

    @property
    def place(self) -> str:
        """`file:line`, or that nobody wrote it."""
        return str(self.position).rpartition(":")[0] if self.position else say("plan.default")


def origins(source: Source[TenantRequest]) -> tuple[Origin, ...]:
    """Every value of a request with its place, in the order of the reference page."""
    resolved = source.value.model_dump(mode="json", by_alias=True)
    return tuple(
        Origin(
            key, value, None if _at(source.document.data, key) is MISSING else source.document.position(*key)
        )
        for key, value in _leaves(resolved, ())
    )


def _leaves(value: object, key: Key) -> Iterator[tuple[Key, object]]:
    """Single values, and lists and mappings that hold nothing but single values."""
    items: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    if (isinstance(value, dict) and value) or any(isinstance(item, dict | list) for _, item in items):
        for name, item in items:
            yield from _leaves(item, (*key, name))
    else:
        yield key, value


def _at(data: object, key: Key) -> object:
    for part in key:
        try:
            data = data[part]  # type: ignore[index]  # whatever is no list or mapping raises TypeError
        except (KeyError, IndexError, TypeError):
            return MISSING
    return data
