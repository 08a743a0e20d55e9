"""The audit's checks, found without running pytest: one for each function, or for each row of its table."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from scripts.evidence.catalogue import read_catalogue
from scripts.evidence.target import planned_rules
from tests import audit
from tests.unit.evidence.recording import recording


@dataclass(frozen=True)
class Check:
    """One check function with its markers.

    Attributes:
        row: the row of its table; `None` where it has none.
    """

    area: str
    function: Callable[..., None]
    controls: tuple[str, ...]
    row: Any = None

    @property
    def base(self) -> str:
        """`area/check`, without the row."""
        return f"{self.area}/{self.function.__name__.removeprefix('test_')}"

    @property
    def name(self) -> str:
        """`area/check[row]`, as the evidence calls it."""
        return f"{self.base}[{self.row.name}]" if self.row else self.base

    @property
    def arguments(self) -> tuple[str, ...]:
        """The fixtures that it asks for."""
        return tuple(inspect.signature(self.function).parameters)


def all_checks() -> tuple[Check, ...]:
    """Every check of `tests/audit`."""
    found: list[Check] = []
    for module in pkgutil.iter_modules(audit.__path__):
        if module.name.startswith("test_"):
            members = vars(importlib.import_module(f"{audit.__name__}.{module.name}"))
            for name, member in members.items():
                if name.startswith("test_"):
                    found += _checks(module.name.removeprefix("test_"), member)
    return tuple(map(_with_catalogue, found))


def _with_catalogue(check: Check) -> Check:
    """As the recorder sees it: the controls of its marks, and those of the catalogue that name it."""
    return replace(check, controls=read_catalogue().controls_of(check.name, check.controls))


def _checks(area: str, function: Callable[..., None]) -> Iterable[Check]:
    marks = getattr(function, "pytestmark", [])
    own = _controls(marks)
    if function.__name__ == "test_rule_in_force":
        return [Check(area, function, own, row) for row in planned_rules(recording().target)]
    tables = [mark.args[1] for mark in marks if mark.name == "parametrize"]
    if not tables:
        return [Check(area, function, own)]
    return [Check(area, function, (*own, *_controls(row.marks)), row.values[0]) for row in tables[0]]


def _controls(marks: Iterable[Any]) -> tuple[str, ...]:
    return tuple(control for mark in marks if mark.name == "control" for control in mark.args)


CHECKS = all_checks()
