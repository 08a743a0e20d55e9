"""The pages that auditors read: self-contained HTML, made from the evidence and the control catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from jinja2 import Environment

from scripts.evidence.catalogue import Catalogue, Chapter, Control, Group
from scripts.evidence.results import Evidence, Outcome, Result
from scripts.pages import environment

TEMPLATES = Path(__file__).parent / "templates"


class State(StrEnum):
    """What the evidence says of one control."""

    MET = "met"
    NOT_MET = "not met"
    WAIVED = "waived"
    NOT_SHOWN = "not shown here"
    BY_HAND = "by hand"


@dataclass(frozen=True)
class ControlView:
    """A control with the results that are evidence for it."""

    control: Control
    results: tuple[Result, ...]

    @property
    def state(self) -> State:
        """Met only when something passed and nothing failed; a manual control is never met by itself."""
        if self.control.kind == "manual":
            return State.BY_HAND
        if any(result.outcome.bad for result in self.results):
            return State.NOT_MET
        if any(result.outcome is Outcome.WAIVED for result in self.results):
            return State.WAIVED
        passed = any(result.outcome is Outcome.PASSED for result in self.results)
        return State.MET if passed else State.NOT_SHOWN

    def count(self, outcome: Outcome) -> int:
        """How many of its results ended so."""
        return sum(result.outcome is outcome for result in self.results)

    @property
    def bad(self) -> int:
        """How many of its results speak against it."""
        return sum(result.outcome.bad for result in self.results)


@dataclass(frozen=True)
class GroupView:
    """A clause with its controls."""

    group: Group
    controls: tuple[ControlView, ...]


@dataclass(frozen=True)
class ChapterView:
    """A chapter with its clauses."""

    chapter: Chapter
    groups: tuple[GroupView, ...]

    def count(self, state: State) -> int:
        """How many of its controls are in a state."""
        return sum(view.state is state for group in self.groups for view in group.controls)


@dataclass(frozen=True)
class Row:
    """One check across the hosts, in the order of the columns; `None` where it does not exist."""

    area: str
    check: str
    title: str
    controls: tuple[str, ...]
    cells: tuple[Result | None, ...]


@dataclass(frozen=True)
class Failure:
    """The same finding: of one check on several hosts, or of every check that could not be made on one."""

    results: tuple[Result, ...]

    @property
    def first(self) -> Result:
        """Stands for all."""
        return self.results[0]

    @property
    def title(self) -> str:
        """The finding's heading."""
        if self.first.outcome is Outcome.ERROR and len(self.results) > 1:
            return f"{len(self.results)} checks could not be made"
        return self.first.title

    @property
    def hosts(self) -> tuple[str, ...]:
        """Where it was found, each place once."""
        return tuple(dict.fromkeys(result.host or "cloud" for result in self.results))

    @property
    def controls(self) -> tuple[str, ...]:
        """The controls that are concerned."""
        return tuple(sorted({control for result in self.results for control in result.controls}))


def tenant_page(evidence: Evidence, catalogue: Catalogue) -> str:
    """The page of one tenant."""
    columns = ["", *(host.name for host in evidence.hosts)]
    used = [name for name in columns if any(result.host == name for result in evidence.results)]
    chapters = chapter_views(evidence.results, catalogue)
    return (
        _environment()
        .get_template("tenant.html.j2")
        .render(
            evidence=evidence,
            chapters=chapters,
            states=state_counts(chapters),
            failures=failures(evidence.bad),
            columns=used,
            areas=areas(evidence.results, used),
        )
    )


def index_page(everything: Sequence[Evidence]) -> str:
    """The page over all tenants."""
    return _environment().get_template("index.html.j2").render(everything=everything)


def chapter_views(results: Iterable[Result], catalogue: Catalogue) -> tuple[ChapterView, ...]:
    """The catalogue with the results beside each control."""
    by_control: dict[str, list[Result]] = {}
    for result in results:
        for control in result.controls:
            by_control.setdefault(control, []).append(result)
    return tuple(
        ChapterView(
            chapter,
            tuple(
                GroupView(
                    group,
                    tuple(
                        ControlView(control, tuple(by_control.get(control.id, ())))
                        for control in group.controls
                    ),
                )
                for group in chapter.groups
            ),
        )
        for chapter in catalogue.chapters
    )


def state_counts(chapters: Iterable[ChapterView]) -> dict[State, int]:
    """How many controls are in each state."""
    chapters = tuple(chapters)
    return {state: sum(chapter.count(state) for chapter in chapters) for state in State}


def failures(bad: Iterable[Result]) -> tuple[Failure, ...]:
    """Equal findings put together."""
    found: dict[tuple[str, ...], list[Result]] = {}
    for result in bad:
        same = ("",) if result.outcome is Outcome.ERROR else (result.area, result.check)
        found.setdefault((*same, result.expected, result.observed), []).append(result)
    return tuple(Failure(tuple(group)) for group in found.values())


def areas(results: Sequence[Result], columns: Sequence[str]) -> dict[str, list[Row]]:
    """The matrix of checks and hosts, by subject."""
    rows: dict[tuple[str, str], dict[str, Result]] = {}
    for result in results:
        rows.setdefault((result.area, result.check), {})[result.host] = result
    matrix: dict[str, list[Row]] = {}
    for (area, check), cells in rows.items():
        first = next(iter(cells.values()))
        row = Row(area, check, first.title, first.controls, tuple(cells.get(name) for name in columns))
        matrix.setdefault(area, []).append(row)
    return matrix


@cache
def _environment() -> Environment:
    templates = environment(TEMPLATES)
    templates.globals.update(Outcome=Outcome, State=State)
    return templates
