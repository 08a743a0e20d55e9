"""What the model's validation found, in the words of the person who wrote the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from stacks.request.diagnostics import did_you_mean
from stacks.request.fields import PATTERNS

SHOWN = 60
"""Characters of a wrong value that a message repeats."""

EXPECTED = {
    "tuple_type": "expected a list",
    "list_type": "expected a list",
    "dict_type": "expected keys with values",
    "model_type": "expected keys with values",
    "too_short": "expected at least one entry",
    "string_type": "expected text; put it in quotes",
    "int_type": "expected a whole number, without quotes or a leading zero",
    "bool_type": "expected true or false",
}
"""Words for pydantic's types of error, where its own speak of Python."""


def explain(model: type[BaseModel], item: ErrorDetails) -> tuple[tuple[str | int, ...], str]:
    """The key path of one violation, and what to say about it."""
    where = tuple(part for part in item["loc"] if not str(part).startswith(("function-", "[key]")))
    dotted = ".".join(_short(str(part)) for part in where) or "file"
    if item["type"] == "missing":
        return where, f"{dotted}: required key is missing"
    if item["type"] == "extra_forbidden":
        hint = did_you_mean(str(where[-1]), _fields_beside(model, where[:-1]))
        return where, f"{dotted}: unknown key; {hint}"
    return where, f"{dotted}: {_shown(item['input'])}: {_reason(item)}"


def consequential(item: ErrorDetails) -> bool:
    """Whether a violation only follows from others: a list is "too short" when its entries are wrong."""
    return item["type"] == "too_short" and len(item["input"]) >= item["ctx"]["min_length"]


def _reason(item: ErrorDetails) -> str:
    context = item.get("ctx", {})
    if "pattern" in context:
        return f"expected {PATTERNS[context['pattern']]}"
    if item["type"] in {"enum", "literal_error"}:
        return did_you_mean(str(item["input"]), re.findall(r"'([^']*)'", context["expected"]))
    words = EXPECTED.get(item["type"], item["msg"].removeprefix("Value error, "))
    return f"{words[0].lower()}{words[1:]}"


def _shown(value: object) -> str:
    if value is None:
        return "nothing is written"
    if isinstance(value, Mapping):
        return "keys with values"
    if isinstance(value, list | tuple):
        return "an empty list" if not value else "a list"
    return str(value).lower() if isinstance(value, bool) else _short(repr(value))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _fields_beside(model: type[BaseModel], parents: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand beside an unknown one, found by following the models' own types."""
    current: object = model
    for part in parents:
        current = _inside(current, part)
    nested = _model(current)
    return [field.alias or name for name, field in nested.model_fields.items()] if nested else []


def _inside(annotation: object, part: str | int) -> object:
    """The type of one field, list item or mapping value."""
    if nested := _model(annotation):
        fields = {field.alias or name: field.annotation for name, field in nested.model_fields.items()}
        return fields.get(str(part))
    values = [item for item in get_args(annotation) if item is not Ellipsis]
    return values[-1] if get_origin(annotation) in {dict, tuple} and values else None


def _model(annotation: object) -> type[BaseModel] | None:
    """The model of an annotation such as `Site` or `Site | None`."""
    options = (annotation, *(() if get_origin(annotation) in {dict, tuple} else get_args(annotation)))
    found = (item for item in options if isinstance(item, type) and issubclass(item, BaseModel))
    return next(found, None)
