"""Waivers, `policies/waivers/*.yaml`: who decided that a check may fail somewhere, why, and until when.

A waiver turns a failed check into a waived one, never into a passed one. With `sets` it also gives a role's
variables other values on its hosts, so that a deployment does not undo what was decided.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, reduce
from pathlib import Path
from typing import Any

from pydantic import Field

from scripts.evidence.results import Outcome, Result
from scripts.evidence.said import Said, chinese, said
from scripts.evidence.target import PLATFORM, targets
from scripts.evidence.waivable import clashes, examine, joined
from stacks.errors import RequestError
from stacks.language import Language, say
from stacks.plan.model import Plan
from stacks.request.diagnostics import Diagnostic
from stacks.request.document import Document
from stacks.request.fields import Day, Model, Text
from stacks.request.landing_zone import errors, in_order
from stacks.request.loader import parse, read_document
from stacks.settings import REPOSITORY

SUITE = REPOSITORY / "tests" / "audit"

UNKNOWN_CHECK = "WV001"
UNKNOWN_PLACE = "WV002"
TOO_LONG = "WV003"
EXPIRED = "WV005"
EMPTY = "WV006"
CONTRADICTED = "WV008"

YEAR = timedelta(days=366)


class Waiver(Model):
    """One decision. Its name is that of its file."""

    checks: tuple[Text, ...] = ()
    """Checks as the evidence names them, `area/check`; with `[row]` one row of a check's table alone."""
    sets: Mapping[str, Any] = Field(default_factory=dict)
    """Variables of roles, with the values that hosts get while the waiver is in force."""
    hosts: tuple[Text, ...] = ()
    """Hosts by their plan names."""
    tenants: tuple[Text, ...] = ()
    """Tenants, or `platform`: every host of them, and their part of the cloud."""
    reason: Text
    """Why the risk is borne, and what makes it bearable."""
    decided_by: Text
    """The person who answers for it."""
    since: Day
    """The day of the decision."""
    until: Day
    """The last day on which it helps: at most a year later."""


@dataclass(frozen=True)
class Decision:
    """A waiver on the day of an audit or a deployment.

    Attributes:
        name: of its file.
        on: the day.
        source: the file as it was read, comments and all.
    """

    name: str
    waiver: Waiver
    on: date
    source: str = ""

    @property
    def in_force(self) -> bool:
        """Whether it helps on that day."""
        return self.waiver.since <= self.on <= self.waiver.until

    @property
    def controls(self) -> tuple[str, ...]:
        """What it is evidence for as a row of the audit: that exceptions are decided in one place."""
        return ("8.1.5.4-e",)

    @property
    def phrase(self) -> Said:
        """The waiver in a few words."""
        waiver = self.waiver
        return said(
            "{name}, decided by {person}, from {first} until {day}",
            name=self.name,
            person=waiver.decided_by,
            first=waiver.since,
            day=waiver.until,
        )

    def covers(self, result: Result) -> bool:
        """Whether it is about this check in this place."""
        names = (f"{result.area}/{result.check}", f"{result.area}/{result.check.partition('[')[0]}")
        here = result.tenant in self.waiver.tenants or result.host in self.waiver.hosts
        return here and any(name in self.waiver.checks for name in names)

    def concerns(self, host: str, tenant: str) -> bool:
        """Whether it is about a host."""
        return host in self.waiver.hosts or tenant in self.waiver.tenants

    def meets(self, other: Decision) -> bool:
        """Whether there is a day, today or later, on which both help."""
        first = max(self.waiver.since, other.waiver.since, self.on)
        return first <= min(self.waiver.until, other.waiver.until)


def apply(result: Result, decisions: Iterable[Decision]) -> Result:
    """The result, waived where it failed and a waiver in force covers it.

    A check that could not be made stays what it is: nobody knows what would be waived.
    """
    if result.outcome is not Outcome.FAILED:
        return result
    found = next((item for item in decisions if item.in_force and item.covers(result)), None)
    if found is None:
        return result
    why = said("{waiver}: {reason}", waiver=found.phrase, reason=found.waiver.reason)
    told = result.told(Language.ZH)
    return replace(result, outcome=Outcome.WAIVED, waiver=str(why), zh=replace(told, waiver=chinese(why)))


def unneeded(results: Sequence[Result], decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Waivers of checks that this audit made, none of which failed."""
    return tuple(item for item in decisions if _idle(item, results))


def _idle(item: Decision, results: Sequence[Result]) -> bool:
    found = {result.outcome for result in results if item.covers(result)}
    return bool(found) and not found & {Outcome.WAIVED, Outcome.FAILED}


def variables(decisions: Iterable[Decision], host: str, tenant: str) -> dict[str, Any]:
    """What the waivers in force set on a host."""
    sets = (item.waiver.sets for item in decisions if item.in_force and item.concerns(host, tenant))
    return reduce(joined, sets, {})


def read_waivers(folder: Path, plan: Plan, on: date) -> tuple[Decision, ...]:
    """Every waiver.

    Raises:
        RequestError: a file is wrong; every finding, one a line.
    """
    decisions, findings = check(folder, plan, on)
    if wrong := errors(findings):
        raise RequestError("\n".join(map(str, wrong)), say("check.correct"))
    return decisions


def check(folder: Path, plan: Plan, on: date) -> tuple[tuple[Decision, ...], list[Diagnostic]]:
    """Every waiver that can be read, and every finding of all of them."""
    decisions, findings = list[Decision](), list[Diagnostic]()
    for path in sorted(folder.glob("*.yaml")):
        document, structural = read_document(path)
        findings += structural
        if errors(structural):
            continue
        waiver, invalid = parse(document, Waiver)
        findings += invalid
        if waiver:
            decisions.append(Decision(path.stem, waiver, on, path.read_text(encoding="utf-8")))
            findings += _examine(document, decisions[-1], plan)
            findings += _contradictions(document, decisions, plan)
    return tuple(decisions), in_order(findings)


def _examine(document: Document, decision: Decision, plan: Plan) -> Iterator[Diagnostic]:
    waiver = decision.waiver
    yield from _unknown(document, "checks", known_checks(), UNKNOWN_CHECK)
    yield from _unknown(document, "hosts", {target.name for target in targets(plan)}, UNKNOWN_PLACE)
    tenants = {PLATFORM, *(tenant.id for tenant in plan.tenants)}
    yield from _unknown(document, "tenants", tenants, UNKNOWN_PLACE)
    yield from examine(document, waiver.sets)
    if not (waiver.checks or waiver.sets) or not (waiver.hosts or waiver.tenants):
        yield document.finding(EMPTY)
    if not waiver.since <= waiver.until <= waiver.since + YEAR:
        yield document.finding(TOO_LONG, "until", first=waiver.since, last=waiver.since + YEAR)
    elif waiver.until < decision.on:
        yield document.finding(EXPIRED, "until", on=decision.on)


def _contradictions(document: Document, decisions: Sequence[Decision], plan: Plan) -> Iterator[Diagnostic]:
    """What the last of the decisions sets in another way than those before it, on the same host and day."""
    *before, last = decisions
    own = [target for target in targets(plan) if last.concerns(target.name, target.tenant)]
    for earlier in before:
        shared = [target.name for target in own if earlier.concerns(target.name, target.tenant)]
        if shared and earlier.meets(last):
            for key in clashes(earlier.waiver.sets, last.waiver.sets):
                place = ("sets", *key)
                name = ".".join(key)
                yield document.finding(CONTRADICTED, *place, other=earlier.name, name=name, host=shared[0])


def _unknown(document: Document, key: str, known: Collection[str], code: str) -> Iterator[Diagnostic]:
    for index, name in enumerate(document.data.get(key, ())):
        if name.partition("[")[0] not in known:
            yield document.finding(code, key, index, valid=known)


@cache
def known_checks() -> frozenset[str]:
    """Every check of the audit, `area/check`, found in its source."""
    return frozenset(
        f"{path.stem.removeprefix('test_')}/{item.name.removeprefix('test_')}"
        for path in SUITE.glob("test_*.py")
        for item in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(item, ast.FunctionDef) and item.name.startswith("test_")
    )
