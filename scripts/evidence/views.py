"""The evidence in the order in which people look at it: by control, by host, by finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from scripts.evidence.catalogue import Catalogue, Chapter, Control, Group, Party
from scripts.evidence.results import Evidence, Outcome, Result


class State(StrEnum):
    """What the evidence says of one control."""

    MET = "met"
    PARTLY = "met as far as machines see"
    WAIVED = "waived in part"
    NOT_MET = "not met"
    NOT_SHOWN = "not shown here"
    BY_HAND = "by hand"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True)
class ControlView:
    """A control with the results that are evidence for it."""

    control: Control
    results: tuple[Result, ...]

    @cached_property
    def state(self) -> State:
        """Met only when something passed and nothing is bad; a manual control is never met by itself."""
        if self.control.kind != "automated":
            return State.BY_HAND if self.control.kind == "manual" else State.NOT_APPLICABLE
        if self.bad:
            return State.NOT_MET
        if self.count(Outcome.WAIVED):
            return State.WAIVED
        if not self.count(Outcome.PASSED):
            return State.NOT_SHOWN
        return State.PARTLY if self.control.by_hand else State.MET

    def count(self, outcome: Outcome) -> int:
        """How many of its results ended so."""
        return sum(result.outcome is outcome for result in self.results)

    @property
    def bad(self) -> int:
        """How many of its results speak against it."""
        return sum(result.outcome.bad for result in self.results)

    @property
    def left_out(self) -> int:
        """Where it is met: how many of its results say that the check does not apply."""
        return self.count(Outcome.NOT_APPLICABLE) if self.state in (State.MET, State.PARTLY) else 0


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

    first: Result
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
    def unmade(self) -> bool:
        """Whether it stands for several checks that could not be made, and not for one."""
        return self.first.outcome is Outcome.ERROR and len(self.results) > 1

    def hosts(self, cloud: str) -> tuple[str, ...]:
        """Where it was found, each place once.

        Args:
            cloud: what the cloud is called in the reader's language.
        """
        return tuple(dict.fromkeys(result.host or cloud for result in self.results))

    @property
    def controls(self) -> tuple[str, ...]:
        """The controls that are concerned."""
        return tuple(sorted({control for result in self.results for control in result.controls}))


@dataclass(frozen=True)
class HostRow:
    """The results of one host, counted; a host without name is the cloud."""

    tenant: str
    host: str
    counts: Mapping[Outcome, int]

    @property
    def bad(self) -> int:
        """How many results speak against it."""
        return sum(count for outcome, count in self.counts.items() if outcome.bad)


def chapter_views(results: Iterable[Result], catalogue: Catalogue) -> tuple[ChapterView, ...]:
    """The catalogue with the results beside each control."""
    by_control: dict[str, list[Result]] = {}
    for result in results:
        for control in result.controls:
            by_control.setdefault(control, []).append(result)

    def view(control: Control) -> ControlView:
        return ControlView(control, tuple(by_control.get(control.id, ())))

    return tuple(
        ChapterView(
            chapter,
            tuple(GroupView(group, tuple(map(view, group.controls))) for group in chapter.groups),
        )
        for chapter in catalogue.chapters
    )


def state_counts(chapters: Iterable[ChapterView]) -> dict[State, int]:
    """How many controls are in each state."""
    chapters = tuple(chapters)
    return {state: sum(chapter.count(state) for chapter in chapters) for state in State}


def left_out(chapters: Iterable[ChapterView]) -> int:
    """How many controls are met by a part of their checks, because the others do not apply."""
    return sum(view.left_out > 0 for item in chapters for group in item.groups for view in group.controls)


def failures(bad: Iterable[Result]) -> tuple[Failure, ...]:
    """Equal findings put together."""
    found: dict[tuple[str, ...], list[Result]] = {}
    for result in bad:
        same = ("",) if result.outcome is Outcome.ERROR else (result.area, result.check)
        found.setdefault((*same, result.expected, result.observed), []).append(result)
    return tuple(Failure(tuple(group)) for group in found.values())


def areas(results: Sequence[Result], columns: Sequence[str]) -> dict[str, list[Row]]:
    """The matrix of checks and hosts, by subject."""
    rows: dict[tuple[str, str, str], dict[str, Result]] = {}
    for result in results:
        rows.setdefault((result.area, result.check, result.title), {})[result.host] = result
    matrix: dict[str, list[Row]] = {}
    for (area, _, _), cells in rows.items():
        row = Row(next(iter(cells.values())), tuple(cells.get(name) for name in columns))
        matrix.setdefault(area, []).append(row)
    return matrix


def host_rows(everything: Iterable[Evidence]) -> tuple[HostRow, ...]:
    """Every host with its counts, tenant by tenant; the cloud comes first."""
    rows = []
    for evidence in everything:
        for name in ("", *(host.name for host in evidence.hosts)):
            counts = {outcome: evidence.count(outcome, name) for outcome in Outcome}
            if any(counts.values()):
                rows.append(HostRow(evidence.tenant, name, counts))
    return tuple(rows)


def waived(everything: Iterable[Evidence]) -> tuple[Result, ...]:
    """Every check that failed and may."""
    return tuple(r for evidence in everything for r in evidence.results if r.outcome is Outcome.WAIVED)


def by_hand(catalogue: Catalogue) -> dict[Party, list[Control]]:
    """What people show, by whom to ask: whole controls, and what the checks of others leave open."""
    found: dict[Party, list[Control]] = {party: [] for party in Party}
    for control in catalogue.controls.values():
        if control.by_hand:
            found[control.by_hand.ask].append(control)
    return {party: controls for party, controls in found.items() if controls}
