"""What a waiver may set: the arguments of roles, and the single items of a role that two kinds of them bear.

`TABLE_overrides` has other values for some settings of the mapping `TABLE` in the role's `vars/main.yml`;
`LIST_waived` names what is left out of the list `LIST` there. Of a list that is not the role's own, such as
the rules of a package, only the type is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import yaml

from scripts.evidence.role import ROLES, own_values
from stacks.request.diagnostics import Diagnostic
from stacks.request.document import Document

UNKNOWN_VARIABLE = "WV004"
UNKNOWN_ITEM = "WV007"

OVERRIDES = "_overrides"
WAIVED = "_waived"
TYPES: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "path": (str,),
    "int": (int,),
    "bool": (bool,),
    "list": (list,),
    "dict": (dict,),
}
"""What Ansible's types are in YAML."""
REFERENCE = re.compile(r"\{\{\s*(\w+)")
"""A variable, in a value that takes it from there."""


@dataclass(frozen=True)
class Argument:
    """A variable that a role takes.

    Attributes:
        kind: its type in Ansible's words.
        elements: the type of what is in a list; empty where any.
        choices: its values; none where any of its type.
        settings: of an argument with other values, the role's own ones by their names.
        members: of an argument with what is left out, all that there is; empty where that is not the role's.
    """

    kind: str
    elements: str = ""
    choices: tuple[object, ...] = ()
    settings: Mapping[str, Any] | None = None
    members: tuple[str, ...] = ()


@cache
def arguments() -> Mapping[str, Argument]:
    """Every variable that a role takes."""
    return {
        name: _argument(name, option, values)
        for path in sorted(ROLES.glob("*/meta/argument_specs.yml"))
        for values in [own_values(path.parent.parent.name)]
        for name, option in _options(path.read_text(encoding="utf-8")).items()
    }


def _options(text: str) -> Mapping[str, Mapping[str, Any]]:
    return yaml.safe_load(text)["argument_specs"]["main"].get("options") or {}


def _argument(name: str, option: Mapping[str, Any], values: Mapping[str, Any]) -> Argument:
    plain = Argument(option["type"], option.get("elements", ""), tuple(option.get("choices", ())))
    if name.endswith(OVERRIDES):
        return Argument(plain.kind, settings=values[name.removesuffix(OVERRIDES)])
    if name.endswith(WAIVED):
        found = values.get(name.removesuffix(WAIVED), ())
        members = chain.from_iterable(found.values()) if isinstance(found, Mapping) else found
        return Argument(plain.kind, plain.elements, members=tuple(members))
    return plain


def examine(document: Document, sets: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """What is wrong with what a waiver sets."""
    for name, value in sets.items():
        argument = arguments().get(name)
        if argument is None:
            yield document.finding(UNKNOWN_VARIABLE, "sets", name, about_key=True, name=name, wanted="")
        elif not _is(value, argument.kind) or (argument.choices and value not in argument.choices):
            wanted = ", ".join(map(str, argument.choices)) or argument.kind
            yield document.finding(UNKNOWN_VARIABLE, "sets", name, name=name, wanted=f": {wanted}")
        elif argument.settings is not None:
            yield from _settings(document, name, value, argument.settings)
        elif argument.kind == "list":
            yield from _elements(document, name, value, argument)


def _settings(
    document: Document, name: str, values: Mapping[str, Any], own: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    for item, value in values.items():
        key = ("sets", name, item)
        kind = _kind(own[item]) if item in own else ""
        if item not in own:
            yield _unknown(document, key, item, tuple(sorted(own)))
        elif variable := REFERENCE.search(str(own[item])):
            # It has a variable of its own: with two, nobody would know which one counts.
            yield _unknown(document, key, item, (variable.group(1),))
        elif not _is(value, kind) or (kind == "list" and not all(_is(one, "str") for one in value)):
            yield document.finding(UNKNOWN_VARIABLE, *key, name=f"{name}.{item}", wanted=f": {kind}")


def _elements(document: Document, name: str, values: list[Any], argument: Argument) -> Iterator[Diagnostic]:
    for index, value in enumerate(values):
        key = ("sets", name, index)
        if argument.elements and not _is(value, argument.elements):
            yield document.finding(UNKNOWN_VARIABLE, *key, name=name, wanted=f": {argument.elements}")
        elif argument.members and value not in argument.members:
            yield _unknown(document, key, value, tuple(sorted(argument.members)))


def _unknown(document: Document, key: tuple[str | int, ...], item: str, valid: tuple[str, ...]) -> Diagnostic:
    position = document.key_position(*key)
    return Diagnostic(UNKNOWN_ITEM, position, key, item, valid, {"name": str(key[1])})


def _kind(value: object) -> str:
    return next(kind for kind, types in TYPES.items() if type(value) in types)


def _is(value: object, kind: str) -> bool:
    return isinstance(value, TYPES.get(kind, (object,))) and not (kind == "int" and isinstance(value, bool))


def clashes(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Keys of what two waivers set to different values; what they leave out adds up."""
    for name in sorted(first.keys() & second.keys()):
        one, other = first[name], second[name]
        if name.endswith(OVERRIDES) and isinstance(one, Mapping) and isinstance(other, Mapping):
            yield from (
                (name, item) for item in sorted(one.keys() & other.keys()) if one[item] != other[item]
            )
        elif one != other and not name.endswith(WAIVED):
            yield (name,)


def joined(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """What two waivers set on a host: exceptions beside one another; of a plain variable the second value."""
    found = dict(first)
    for name, value in second.items():
        if name.endswith(OVERRIDES):
            found[name] = {**found.get(name, {}), **value}
        elif name.endswith(WAIVED):
            found[name] = [*found.get(name, ()), *(one for one in value if one not in found.get(name, ()))]
        else:
            found[name] = value
    return found
