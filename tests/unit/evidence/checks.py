"""The audit's checks, found without running pytest on them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace

from scripts.evidence.catalogue import read_catalogue
from tests import audit


@dataclass(frozen=True)
class Check:
    """One check function with its markers."""

    area: str
    function: Callable[..., None]
    controls: tuple[str, ...]

    @property
    def name(self) -> str:
        """`area/check`, as the evidence calls it."""
        return f"{self.area}/{self.function.__name__.removeprefix('test_')}"

    @property
    def arguments(self) -> tuple[str, ...]:
        """The fixtures that it asks for."""
        return tuple(inspect.signature(self.function).parameters)


def all_checks() -> tuple[Check, ...]:
    """Every check of `tests/audit`."""
    found = []
    for module in pkgutil.iter_modules(audit.__path__):
        if module.name.startswith("test_"):
            members = vars(importlib.import_module(f"{audit.__name__}.{module.name}"))
            found += [
                _check(module.name.removeprefix("test_"), member)
                for name, member in members.items()
                if name.startswith("test_")
            ]
    return tuple(found)


def _check(area: str, function: Callable[..., None]) -> Check:
    """As the recorder sees it: the controls of its markers, and those of the catalogue that name it."""
    marks = getattr(function, "pytestmark", [])
    marked = [control for mark in marks if mark.name == "control" for control in mark.args]
    bare = Check(area, function, ())
    return replace(bare, controls=read_catalogue().controls_of(bare.name, marked))


CHECKS = all_checks()
