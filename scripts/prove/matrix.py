"""The observations as squares: a row for every source, a column for every group of targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scripts.prove.result import Observation, Proof
from stacks.plan.reachability import OUTSIDE
from stacks.request.fields import Side


class Mark(StrEnum):
    """What one port of a square shows."""

    OPEN = "open"
    BREACH = "breach"
    MISSING = "missing"
    CLOSED = "closed"


@dataclass(frozen=True)
class Square:
    """All probes from one source to one group of targets.

    Attributes:
        ports: mark of each probed port; the worst of the group's targets.
        probes: how many were sent; 0 where a source has nothing to probe there.
        closed: how many of them stayed unanswered, as planned.
    """

    ports: Mapping[int, Mark]
    probes: int
    closed: int

    def marked(self, mark: Mark) -> tuple[int, ...]:
        """The ports with that mark."""
        return tuple(port for port, found in sorted(self.ports.items()) if found == mark)

    @property
    def mark(self) -> Mark:
        """The mark that the whole square is coloured by."""
        return _worst(self.ports.values())

    @property
    def not_closed(self) -> bool:
        """Whether any port is, or should be, open."""
        return self.expected or self.observed

    @property
    def expected(self) -> bool:
        """Whether the plan opens any port here."""
        return bool(self.marked(Mark.OPEN) or self.marked(Mark.MISSING))

    @property
    def observed(self) -> bool:
        """Whether any port here was reached."""
        return bool(self.marked(Mark.OPEN) or self.marked(Mark.BREACH))


@dataclass(frozen=True)
class Band:
    """Rows or columns that stand together, on one side of the wall."""

    title: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    """Rows and columns in the order in which they are shown."""

    rows: tuple[Band, ...]
    columns: tuple[Band, ...]
    squares: Mapping[tuple[str, str], Square]

    def square(self, row: str, column: str) -> Square:
        """A square; an empty one where nothing was probed."""
        return self.squares.get((row, column), Square({}, 0, 0))


SEVERITY = (Mark.CLOSED, Mark.OPEN, Mark.MISSING, Mark.BREACH)

TITLES = {
    "public": "Floating IPs",
    OUTSIDE: "Outside",
    Side.EXTERNAL: "External side",
    Side.INTERNAL: "Internal side",
    "routers": "Routers",
    "platform": "Platform",
}


def matrix_of(proof: Proof) -> Matrix:
    """Summarize the observations of a proof."""
    found: dict[tuple[str, str], list[Observation]] = {}
    for observation in proof.observations:
        key = observation.cell.source, observation.cell.target.group
        found.setdefault(key, []).append(observation)
    return Matrix(
        rows=_bands((row for row, _ in found), proof.sides),
        columns=_bands((column for _, column in found), proof.sides),
        squares={key: _square(items) for key, items in found.items()},
    )


def _square(items: list[Observation]) -> Square:
    marks: dict[int, list[Mark]] = {}
    for item in items:
        marks.setdefault(item.cell.port, []).append(_mark(item))
    closed = sum(found.count(Mark.CLOSED) for found in marks.values())
    return Square({port: _worst(found) for port, found in marks.items()}, len(items), closed)


def _mark(item: Observation) -> Mark:
    if item.cell.allowed:
        return Mark.OPEN if item.reached else Mark.MISSING
    return Mark.BREACH if item.reached else Mark.CLOSED


def _worst(marks: Iterable[Mark]) -> Mark:
    return max(marks, key=SEVERITY.index, default=Mark.CLOSED)


def _bands(names: Iterable[str], sides: Mapping[str, Side]) -> tuple[Band, ...]:
    members: dict[str, set[str]] = {key: set() for key in TITLES}
    for name in names:
        members[_band(name, sides)].add(name)
    return tuple(Band(TITLES[key], tuple(sorted(found))) for key, found in members.items() if found)


def _band(name: str, sides: Mapping[str, Side]) -> str:
    if name.endswith("#public"):
        return "public"
    if name.endswith("/routers"):
        return "routers"
    return OUTSIDE if name == OUTSIDE else sides.get(name, "platform")
