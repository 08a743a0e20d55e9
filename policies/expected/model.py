"""One object that the plan wants, and how another differs from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from policies.resource import UNKNOWN

IGNORED = frozenset({"__defaults", "version", "imageCachePath"})
"""Pulumi's own notes among the properties, and a folder on the operator's machine."""

DEFAULTS: Mapping[str, Any] = {
    "accessNetwork": False,
    "enabled": True,
    "enableDhcp": True,
    "forceDelete": False,
    "forceDestroy": False,
    "hidden": False,
    "ipVersion": 4,
    "isDomain": False,
    "minDiskGb": 0,
    "minRamMb": 0,
    "noGateway": False,
    "powerState": "active",
    "protected": False,
    "rxTxFactor": 1,
    "stopBeforeDestroy": False,
    "visibility": "private",
    "volumeRetypePolicy": "never",
}
"""What the provider adds by itself, and nobody needs to plan: `Default` in its own schemas."""

NO_VALUES: Mapping[str, Any] = {}


class Hand(StrEnum):
    """The providers of a stack, by their names in its program."""

    ADMINISTRATOR = "administrator"
    TENANT = "tenant"


@dataclass(frozen=True)
class Ref:
    """Stands for the id of another object of the same stack."""

    kind: str
    name: str

    def __str__(self) -> str:
        """As messages show it."""
        return f"the id of {self.kind} {self.name}"


@dataclass(frozen=True)
class Shared:
    """Stands for something that another stack or the cloud made: a path in `PlatformOutputs`, or a name."""

    path: tuple[str, ...]

    def __str__(self) -> str:
        """As messages show it."""
        return f"the platform's {'.'.join(self.path)}"


class Given(Enum):
    """Stands for a value that the plan does not decide."""

    ANYTHING = "anything"


ANYTHING = Given.ANYTHING


@dataclass(frozen=True)
class Expected:
    """One object of the plan.

    Attributes:
        kind: as in `policies.resource.Resource.kind`.
        name: its name in the program.
        hand: whose rights make it; `None` for a provider itself.
        values: exactly the properties that it has.
        optional: whether it depends on the cloud that it is there.
    """

    kind: str
    name: str
    hand: Hand | None
    values: Mapping[str, Any]
    optional: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What finds it."""
        return self.kind, self.name


def differences(expected: object, actual: object, path: str = "") -> Iterator[str]:
    """How a value differs from what the plan wants, in words; references only have to be some id."""
    match expected:
        case Given():
            return
        case Ref() | Shared():
            if actual is not UNKNOWN and not (isinstance(actual, str) and actual):
                yield f"{path} is {actual!r}; the plan says {expected}"
        case Mapping():
            yield from _of_mappings(expected, actual if isinstance(actual, Mapping) else NO_VALUES, path)
        case list() if isinstance(actual, list) and len(actual) == len(expected):
            for index, (want, have) in enumerate(zip(_ordered(expected), _ordered(actual), strict=True)):
                yield from differences(want, have, f"{path}[{index}]")
        case _:
            if expected != actual:
                yield f"{path} is {actual!r}; the plan says {expected!r}"


def references(expected: object, actual: object) -> Iterator[tuple[Ref | Shared, object]]:
    """Every reference of an expected value, and what stands in its place; nothing where the shapes differ."""
    match expected:
        case Ref() | Shared():
            yield expected, actual
        case Mapping() if isinstance(actual, Mapping):
            for name, want in expected.items():
                yield from references(want, actual.get(name))
        case list() if isinstance(actual, list) and len(actual) == len(expected):
            for want, have in zip(expected, actual, strict=True):
                yield from references(want, have)


def _of_mappings(expected: Mapping[str, Any], actual: Mapping[str, Any], path: str) -> Iterator[str]:
    for name in sorted({*expected, *actual} - IGNORED):
        want, have = expected.get(name), actual.get(name)
        if name in expected or have != DEFAULTS.get(name):
            yield from differences(want, have, f"{path}.{name}" if path else name)


def _ordered(values: Sequence[Any]) -> Sequence[Any]:
    """Words in any order are the same (tags, addresses); anything else stays in its order."""
    return sorted(values) if all(isinstance(value, str) for value in values) else values
