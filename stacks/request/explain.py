"""What the model's validation found, in the words of the person who wrote the file."""

from __future__ import annotations

import re
from typing import get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from stacks.request.diagnostics import Diagnostic
from stacks.request.document import Document
from stacks.request.fields import PATTERNS
from stacks.request.syntax import WIDE_PUNCTUATION, WIDE_SIGNS

MISSING = "GC040"
UNKNOWN_KEY = "GC041"
NOT_A_CHOICE = "GC042"
OUT_OF_RANGE = "GC048"
TEXT_LENGTH = "GC049"
LIST_LENGTH = "GC050"
NOTHING_WRITTEN = "GC059"
OTHER = "GC060"
QUOTED_NUMBER = "GC061"
NOT_A_NUMBER = "GC046"

CODES = {
    "missing": MISSING,
    "extra_forbidden": UNKNOWN_KEY,
    "enum": NOT_A_CHOICE,
    "literal_error": NOT_A_CHOICE,
    "tuple_type": "GC043",
    "list_type": "GC043",
    "dict_type": "GC044",
    "model_type": "GC044",
    "model_attributes_type": "GC044",
    "string_type": "GC045",
    "int_type": NOT_A_NUMBER,
    "int_from_float": NOT_A_NUMBER,
    "int_parsing": NOT_A_NUMBER,
    "bool_type": "GC047",
    "greater_than": OUT_OF_RANGE,
    "greater_than_equal": OUT_OF_RANGE,
    "less_than": OUT_OF_RANGE,
    "less_than_equal": OUT_OF_RANGE,
    "string_too_short": TEXT_LENGTH,
    "string_too_long": TEXT_LENGTH,
    "too_short": LIST_LENGTH,
    "too_long": LIST_LENGTH,
    "url_type": "GC057",
    "url_parsing": "GC057",
    "url_scheme": "GC057",
}
"""The code of each of pydantic's types of error. A validator of ours names its code as the type itself."""

BOUNDS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "min_length": "≥", "max_length": "≤"}


def explain(document: Document, model: type[BaseModel], item: ErrorDetails) -> Diagnostic:
    """One violation as a finding: its code, its place, what was expected."""
    where = tuple(part for part in item["loc"] if not str(part).startswith(("function-", "[key]")))
    code = _code(item)
    if code in {MISSING, WIDE_PUNCTUATION}:
        return document.finding(code, *where, about_key=True)
    if code == UNKNOWN_KEY:
        return _named(document, where, _fields_beside(model, where[:-1]))
    if item["loc"][-1] == "[key]" and code == NOT_A_CHOICE:
        return _named(document, where, _choices(item))
    if code == NOT_A_CHOICE:
        return document.finding(code, *where, valid=_choices(item))
    if code == OTHER:
        return document.finding(code, *where, reason=item["msg"].removeprefix("Value error, "))
    bound, reason = _bound(item), item.get("ctx", {}).get("reason", "")
    return document.finding(code, *where, about_key=item["loc"][-1] == "[key]", bound=bound, reason=reason)


def consequential(item: ErrorDetails) -> bool:
    """Whether a violation only follows from others: a list is "too short" when its entries are wrong."""
    return item["type"] == "too_short" and len(item["input"]) >= item["ctx"]["min_length"]


def _code(item: ErrorDetails) -> str:
    context, written = item.get("ctx", {}), item["input"]
    code = CODES.get(item["type"], item["type"] if item["type"].startswith("GC") else OTHER)
    if code == UNKNOWN_KEY and any(sign in str(item["loc"][-1]) for sign in WIDE_SIGNS):
        return WIDE_PUNCTUATION
    if written is None and code not in {MISSING, UNKNOWN_KEY}:
        return NOTHING_WRITTEN
    if code == NOT_A_NUMBER and isinstance(written, str) and re.fullmatch(r"0|[1-9][0-9]*", written):
        return QUOTED_NUMBER
    return PATTERNS.get(context.get("pattern", ""), code)


def _bound(item: ErrorDetails) -> str:
    """The bound that a number or a length passed, as in `≤ 200`."""
    context = item.get("ctx", {})
    return next((f"{sign} {context[name]}" for name, sign in BOUNDS.items() if name in context), "")


def _choices(item: ErrorDetails) -> list[str]:
    return re.findall(r"'([^']*)'", item.get("ctx", {})["expected"])


def _named(document: Document, where: tuple[str | int, ...], valid: list[str]) -> Diagnostic:
    """A key that may not stand there: the key itself is the offending value."""
    position, names = document.key_position(*where), tuple(sorted(valid))
    return Diagnostic(UNKNOWN_KEY, position, where, str(where[-1]), names)


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
