"""The rules of the pack: one a file, called like the file."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from policies.rule import Rule, StackRule


def _load() -> dict[str, Rule | StackRule]:
    names = sorted(module.name for module in iter_modules(__path__))
    return {name.replace("_", "-"): import_module(f"{__name__}.{name}").RULE for name in names}


RULES = _load()
"""Every rule by its name, which is the one that violations and pages carry."""
