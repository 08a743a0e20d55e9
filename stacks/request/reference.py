"""The reference page of the request files: every key, what it takes, what it means, and an example."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from stacks.language import Language, entries
from stacks.request.fields import PATTERNS

Schema = Mapping[str, Any]

HEADER = """\
# Reference of the request files

Made by `govcloud schema` from the models in `stacks/request/`; do not edit. Editors that read the first
line of a request (`# yaml-language-server: …`) show the same while you write.
"""

COLUMNS = "| key | takes | default | meaning | example |\n|---|---|---|---|---|"


def reference(files: Mapping[str, Schema]) -> str:
    """The page, from the JSON Schema of each file."""
    parts = [HEADER]
    for name, schema in files.items():
        parts.append(f"\n# {name}\n\n{_about(schema)}\n\n{_table(schema, schema)}\n")
        parts += [
            f"\n## {title}\n\n{_about(part)}\n\n{_table(part, schema)}\n"
            for title, part in schema["$defs"].items()
            if "properties" in part
        ]
    return "".join(parts)


def example(part: Schema, root: Schema) -> Any:  # noqa: ANN401  a field takes any value
    """A valid value of a part of a schema: its own example, its default, or made of its required keys."""
    part = _resolved(part, root)
    if found := part.get("examples") or [item for item in [part.get("default")] if item not in (None, [])]:
        return found[0]
    if "properties" in part:
        return {name: example(part["properties"][name], root) for name in part.get("required", [])}
    if part["type"] == "object":
        return {_names(part, root)[0]: example(_values(part), root)}
    return part["enum"][0] if "enum" in part else [example(part["items"], root)]


def _names(part: Schema, root: Schema) -> list[str]:
    """The names that a mapping's schema knows: all that it allows, or an example."""
    names = _resolved(part["propertyNames"], root)
    return list(names.get("enum") or names["examples"])


def _values(part: Schema) -> Schema:
    """The schema of a mapping's values."""
    schemas: list[Schema] = [*part.get("patternProperties", {}).values(), part["additionalProperties"]]
    return schemas[0]


def _resolved(part: Schema, root: Schema) -> Schema:
    """Follow a reference, and drop the `null` of an optional key."""
    choices = [item for item in part.get("anyOf", []) if item.get("type") != "null"]
    inner = choices[0] if choices else part
    target = root["$defs"][inner["$ref"].rpartition("/")[2]] if "$ref" in inner else inner
    return {**target, **{key: value for key, value in part.items() if key not in {"$ref", "anyOf"}}}


def _about(part: Schema) -> str:
    text: str = part.get("description", "")
    return text


def _table(part: Schema, root: Schema) -> str:
    rows = (_row(name, field, part, root) for name, field in part["properties"].items())
    return "\n".join([COLUMNS, *rows])


def _row(name: str, field: Schema, part: Schema, root: Schema) -> str:
    default = "**required**" if name in part.get("required", []) else _code(field.get("default"))
    meaning = " ".join(_about(_resolved(field, root)).split())
    shown = f"`{name}: {_flow(example(field, root))}`"
    cells = [f"`{name}`", "; ".join(_takes(field, root)), default, meaning, shown]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _code(value: object) -> str:
    """A value as it is written in one line of YAML; a part with its own table shows its defaults there."""
    return "" if value in (None, [], "") or isinstance(value, dict) else f"`{_flow(value)}`"


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flow, value))}]"
    return value if isinstance(value, str) else json.dumps(value)


def _takes(field: Schema, root: Schema) -> Iterator[str]:
    """What may be written, in words."""
    part = _resolved(field, root)
    if "enum" in part:
        yield "one of " + ", ".join(f"`{item}`" for item in part["enum"])
    elif "properties" in part:
        yield _link(field)
    elif part["type"] == "array":
        yield "list, each " + "; ".join(_takes(part["items"], root))
    elif part["type"] == "object":
        names = ", ".join(f"`{name}`" for name in _names(part, root))
        fixed = "patternProperties" not in part
        yield f"for each {f'of {names}' if fixed else 'name'}: {'; '.join(_takes(_values(part), root))}"
    else:
        yield from _scalar(part)


def _link(field: Schema) -> str:
    choices = [item for item in field.get("anyOf", [field]) if "$ref" in item]
    title = choices[0]["$ref"].rpartition("/")[2]
    return f"[{title}](#{title.lower()})"


def _scalar(part: Schema) -> Iterator[str]:
    formats = {
        "date": "day such as 2027-05-01",
        "ipv4": "IPv4 address",
        "ipv4network": "IPv4 network",
        "uri": "URL",
    }
    kinds = {"integer": "whole number", "boolean": "`true` or `false`", "string": "text"}
    if code := PATTERNS.get(part.get("pattern", "")):
        yield str(entries(code)["expected"][Language.EN])
    else:
        yield formats.get(part.get("format", ""), kinds[part["type"]])
    if "minimum" in part:
        yield (
            f"{part['minimum']} to {part['maximum']}" if "maximum" in part else f"at least {part['minimum']}"
        )
    if "maxLength" in part and part.get("format") != "uri":
        yield f"at most {part['maxLength']} characters"
