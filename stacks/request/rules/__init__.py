"""The cross-field rules: one rule, one file, one function that yields every finding."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

Rule = Callable[["LandingZone"], Iterable[Diagnostic]]


def _discover() -> tuple[Rule, ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").check for name in names)


ALL: tuple[Rule, ...] = _discover()
