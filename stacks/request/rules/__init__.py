"""The cross-field rules: one rule, one file, one code.

A rule is a file `gc0xx_<name>.py` with its `CODE` and a `check(zone)` that yields a finding for every place
that is wrong. To add one: that file, its words in `stacks/messages/GC0xx.yaml`, its cases in
`tests/unit/request/fixtures/GC0xx.yaml` (`make golden` writes what they print) and its page
`docs/rules/GC0xx.md`. Nothing else knows it. Codes are given once: a rule that goes leaves its page, which
then says `Retired`. Ranges: 001 the file, 020 YAML, 040 fields, 070 a tenant's request, 120 the platform
file, 140 the address ledger, 150 exchanges, seasons, tiers, lifecycle and what else a request grows.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        name: of its module.
        code: its `CODE`.
        check: yields every finding of a landing zone, all with this code.
    """

    name: str
    code: str
    check: Callable[[LandingZone], Iterable[Diagnostic]]


def _discover() -> tuple[Rule, ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(Rule(name, module.CODE, module.check) for name, module in zip(names, modules, strict=True))


ALL: tuple[Rule, ...] = _discover()
