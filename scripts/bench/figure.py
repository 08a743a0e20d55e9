"""A measured figure and its goal."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.bench.workbench import Workbench


@dataclass(frozen=True)
class Figure:
    """One number that the project promises something about.

    Attributes:
        name: unique among all figures; its row in the table.
        value: the median where it was taken several times.
        unit: `s`, `ms`, `GiB`; empty for a ratio or a count.
        goal: what it may be at most; `None` where it only informs.
        floor: the goal is what it must be at least.
        command: how anybody takes it again.
        note: what it consists of, in words.
    """

    name: str
    value: float
    unit: str
    goal: float | None
    command: str
    note: str = ""
    floor: bool = False

    @property
    def met(self) -> bool:
        """Whether the goal is reached, as far as the figure is shown."""
        shown = float(f"{self.value:.3g}")
        return self.goal is None or (shown >= self.goal if self.floor else shown <= self.goal)

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return _number(self.value, self.unit)

    @property
    def aim(self) -> str:
        """The goal with its unit; empty without one."""
        return "" if self.goal is None else f"{'≥' if self.floor else '≤'} {_number(self.goal, self.unit)}"


@dataclass(frozen=True)
class Measurement:
    """Something that can be measured by name.

    Attributes:
        runs: how often, when nobody says.
        own_lab: whether it destroys what others may be using, so that it runs on a lab of its own only.
        from_nothing: whether it begins without a lab.
        pure: whether it only reads requests, and needs no cloud at all.
        take: takes the figures, that many times.
    """

    name: str
    title: str
    take: Callable[[Workbench, int], Iterator[Figure]]
    runs: int = 1
    own_lab: bool = False
    from_nothing: bool = False
    pure: bool = False


def ratio(name: str, ours: Sequence[float], floor: Sequence[float], goal: float, command: str) -> Figure:
    """How much longer ours takes than the floor, the median of pairs that were taken one after the other.

    A machine that is shared becomes slower and quicker by a third within minutes; a pair sees less of that.
    """
    pairs = [mine / least for mine, least in zip(ours, floor, strict=True)]
    mine, least = statistics.median(ours), statistics.median(floor)
    spread = f", {min(pairs):.2f} to {max(pairs):.2f}" if len(pairs) > 1 else ""
    note = f"{mine:.1f} s against {least:.1f} s; median of {len(pairs)} pairs{spread}"
    return Figure(name, statistics.median(pairs), "", goal, command, note)


def _number(value: float, unit: str) -> str:
    """Three digits that matter, never as a power of ten."""
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2  # noqa: PLR2004 - decimal digits
    return f"{value:.{digits}f} {unit}".rstrip()
