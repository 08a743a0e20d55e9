"""The pages that auditors read: self-contained HTML in two languages, made from evidence and catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from jinja2 import Environment

from scripts.evidence import seal
from scripts.evidence.catalogue import Catalogue, Party
from scripts.evidence.changes import Change
from scripts.evidence.mutations import Proofs
from scripts.evidence.results import Evidence, Outcome
from scripts.evidence.runs import Run, TenantSummary
from scripts.evidence.said import chinese, said
from scripts.evidence.topology import Picture, platform_picture, tenant_picture
from scripts.evidence.views import (
    ChapterView,
    ControlView,
    Row,
    State,
    areas,
    by_hand,
    chapter_views,
    failures,
    host_rows,
    left_out,
    state_counts,
    waived,
)
from scripts.evidence.waiver import Decision
from scripts.evidence.words import Say, file_name
from scripts.pages import environment
from stacks.language import Language
from stacks.plan.model import Plan

T = TypeVar("T")

TEMPLATES = Path(__file__).parent / "templates"

AWAY = (State.BY_HAND, State.NOT_SHOWN, State.NOT_APPLICABLE)
"""States of controls that no check of a page speaks of."""

COLUMNS = 14
"""Hosts or tenants beside one another in a table of marks; with more, there are several tables."""

SHOWN_RUNS, CHART_WIDTH, CHART_HEIGHT, LABEL_WIDTH = 60, 920.0, 120.0, 90.0
"""Bars of the trend at most; its measures and the room that a date needs, in pixels."""


@dataclass(frozen=True)
class Subject:
    """What the pages of a run tell.

    Attributes:
        changes: against the run `before`; empty strings and tuples where there is none.
        replanned: tenants whose plan is another one than then.
        plan: the whole plan, for the pictures.
        decisions: every waiver of that day, whether anything needed it or not.
        proofs: by what the checks were seen to fail.
    """

    run: str
    everything: tuple[Evidence, ...]
    catalogue: Catalogue
    plan: Plan
    changes: tuple[Change, ...]
    before: str
    replanned: frozenset[str]
    fingerprint: str
    withheld: tuple[str, ...]
    decisions: tuple[Decision, ...]
    proofs: Proofs

    @property
    def institution(self) -> str:
        """Whose evidence it is."""
        return self.everything[0].provenance.institution


@dataclass(frozen=True)
class Point:
    """One run in the trend, in pixels."""

    run: Run
    x: float
    width: float
    passed: int
    waived: int
    bad: int
    scale: float
    labelled: bool

    @property
    def passed_height(self) -> float:
        """Height of what passed."""
        return round(self.passed * self.scale, 1)

    @property
    def waived_height(self) -> float:
        """Height of what failed and may; one that is there is always to be seen."""
        return max(3.0, round(self.waived * self.scale, 1)) if self.waived else 0.0

    @property
    def bad_height(self) -> float:
        """Height of what speaks against it; one that is there is always to be seen."""
        return max(3.0, round(self.bad * self.scale, 1)) if self.bad else 0.0


def run_pages(subject: Subject) -> Iterator[tuple[str, str]]:
    """Every page of a run: its path below the run's folder, and its text."""
    for language in Language:
        yield file_name("index", language), run_page(subject, language)
        yield file_name("manual", language), manual_page(subject, language)
        for evidence in subject.everything:
            name = f"{evidence.tenant}/{file_name('index', language)}"
            yield name, tenant_page(evidence, subject, language)


def tenant_page(evidence: Evidence, subject: Subject, language: Language = Language.EN) -> str:
    """The page of one tenant."""
    columns = ["", *(host.name for host in evidence.hosts)]
    used = [name for name in columns if any(result.host == name for result in evidence.results)]
    chapters = chapter_views(evidence.results, subject.catalogue)
    return _rendered(
        "tenant.html.j2",
        language,
        "index",
        evidence=evidence,
        institution=subject.institution,
        run=subject.run,
        chapters=chapters,
        states=state_counts(chapters),
        columns_of_states=[state for state in State if any(view.count(state) for view in chapters)],
        away=AWAY,
        left_out=left_out(chapters),
        absent=[view for view in _controls(chapters) if view.state is State.NOT_SHOWN],
        failures=failures(evidence.bad),
        changes=[change for change in subject.changes if change.result.tenant == evidence.tenant],
        before=subject.before,
        replanned=evidence.tenant in subject.replanned,
        drawn=_drawn(evidence, subject.plan, Say(language)),
        sheets=[(names, _shown(areas(evidence.results, names))) for names in _sheets(used)],
        reasons=_reasons(evidence, language),
        waived=waived([evidence]),
        decisions=[item for item in subject.decisions if _concerns(item, evidence)],
        proofs=subject.proofs,
        covered=subject.proofs.covered(subject.catalogue),
        automated=subject.catalogue.automated,
        by_hand=by_hand(subject.catalogue),
    )


def run_page(subject: Subject, language: Language = Language.EN) -> str:
    """The page over a whole run."""
    everything = subject.everything
    results = [result for evidence in everything for result in evidence.results]
    chapters = chapter_views(results, subject.catalogue)
    each = [chapter_views(evidence.results, subject.catalogue) for evidence in everything]
    return _rendered(
        "run.html.j2",
        language,
        "index",
        everything=everything,
        institution=subject.institution,
        run=subject.run,
        states=state_counts(chapters),
        left_out=left_out(chapters),
        total={outcome: sum(item.count(outcome) for item in everything) for outcome in Outcome},
        # What concerns most hosts first; the tenants' pages have all of them.
        failures=sorted(failures(r for r in results if r.outcome.bad), key=lambda item: -len(item.results)),
        changes=subject.changes,
        before=subject.before,
        replanned=bool(subject.replanned),
        drawn=platform_picture(subject.plan, Say(language)),
        sheets=[
            (part, list(zip(*views, strict=True)))
            for part, views in zip(_sheets(everything), _sheets(each), strict=True)
        ],
        rows_of=_rows,
        hosts=host_rows(everything),
        waived=waived(everything),
        decisions=subject.decisions,
        proofs=subject.proofs,
        covered=subject.proofs.covered(subject.catalogue),
        automated=subject.catalogue.automated,
        by_hand=by_hand(subject.catalogue),
        fingerprint=subject.fingerprint,
        withheld=[_withheld(item, language) for item in subject.withheld],
    )


def manual_page(subject: Subject, language: Language = Language.EN) -> str:
    """What people show, as sheets to sign."""
    return _rendered(
        "manual.html.j2",
        language,
        "manual",
        institution=subject.institution,
        run=subject.run,
        by_hand=by_hand(subject.catalogue),
    )


def index_page(runs: Sequence[Run], language: Language = Language.EN) -> str:
    """The page over all runs, the oldest first: each tenant's newest verdict, and the trend."""
    newest: dict[str, tuple[Run, TenantSummary]] = {}
    for run in runs:
        for item in run.tenants:
            newest[item.tenant] = (run, item)
    return _rendered(
        "index.html.j2",
        language,
        "index",
        institution=runs[-1].provenance.institution,
        newest=list(newest.values()),
        waived=sum(item.counts.get(Outcome.WAIVED.value, 0) for _, item in newest.values()),
        runs=runs,
        trend=trend(runs),
    )


def trend(runs: Sequence[Run]) -> tuple[Point, ...]:
    """The newest runs as bars."""
    shown = runs[-SHOWN_RUNS:]
    passed = [run.count(Outcome.PASSED.value) for run in shown]
    borne = [run.count(Outcome.WAIVED.value) for run in shown]
    bad = [sum(run.count(outcome.value) for outcome in Outcome if outcome.bad) for run in shown]
    scale = CHART_HEIGHT / max(map(sum, zip(passed, borne, bad, strict=True)), default=1)
    step = min(LABEL_WIDTH, CHART_WIDTH / len(shown))
    every = max(1, round(LABEL_WIDTH / step))
    return tuple(
        Point(
            run, 20 + place * step, step * 0.7,
            passed[place], borne[place], bad[place], scale, place % every == 0,
        )
        for place, run in enumerate(shown)
    )  # fmt: skip


def _concerns(decision: Decision, evidence: Evidence) -> bool:
    """Whether a decision is about the tenant or one of its hosts."""
    return any(decision.concerns(host, evidence.tenant) for host in ("", *(h.name for h in evidence.hosts)))


def _sheets(columns: Sequence[T]) -> list[Sequence[T]]:
    """As many columns at a time as fit on A4 beside the text of a row."""
    return [columns[start : start + COLUMNS] for start in range(0, len(columns), COLUMNS)]


def _shown(matrix: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """Without rows that have no result in any column."""
    found = {area: [row for row in rows if any(row.cells)] for area, rows in matrix.items()}
    return {area: rows for area, rows in found.items() if rows}


def _rows(chapter: Sequence[ChapterView]) -> list[tuple[ControlView, ...]]:
    """The controls of one chapter that a check speaks of, for all tenants side by side."""
    rows = zip(*(_controls([item]) for item in chapter), strict=True)
    return [views for views in rows if views[0].control.kind == "automated"]


def _controls(chapters: Iterable[ChapterView]) -> Iterator[ControlView]:
    return (view for chapter in chapters for group in chapter.groups for view in group.controls)


def _reasons(evidence: Evidence, language: Language) -> list[str]:
    """Why checks do not apply, each reason once."""
    away = (result for result in evidence.results if result.outcome is Outcome.NOT_APPLICABLE)
    return list(dict.fromkeys(result.told(language).observed for result in away))


def _subject(area: str, language: Language) -> str:
    """What a module of checks is about; its name may be that of a program too, which has no Chinese."""
    return chinese(f"about {area}") if language == Language.ZH else area


def _withheld(item: str, language: Language) -> str:
    """What was kept out of the raw answers: where, and what it looks like."""
    where, _, kind = item.rpartition(": ")
    told = said("{where}: {kind}", where=where, kind=said(kind))
    return told.chinese if language == Language.ZH else str(told)


def _drawn(evidence: Evidence, plan: Plan, say: Say) -> Picture | None:
    """The tenant's picture; the platform's own is on the page over all."""
    found = next((tenant for tenant in plan.tenants if tenant.id == evidence.tenant), None)
    return tenant_picture(found, say) if found else None


def _rendered(template: str, language: Language, stem: str, **values: object) -> str:
    other = Language.EN if language == Language.ZH else Language.ZH
    return _environment(language).get_template(template).render(other_page=file_name(stem, other), **values)


@cache
def _environment(language: Language) -> Environment:
    templates = environment(TEMPLATES)
    templates.globals.update(
        Outcome=Outcome,
        State=State,
        Party=Party,
        lang=language.value,
        say=Say(language),
        page=lambda stem: file_name(stem, language),
        told=chinese if language == Language.ZH else str,
        subject=lambda area: _subject(area.replace("_", " "), language),
        **{
            name: getattr(seal, name)
            for name in ("MANIFEST", "SIGNATURE", "SIGNERS", "PRINCIPAL", "NAMESPACE")
        },
    )
    return templates
