"""The table of figures: on the screen, and in docs/benchmarks.md between two markers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import psutil
from rich import box
from rich.table import Table

from scripts.bench.figure import Figure
from stacks.errors import MachineError
from stacks.settings import REPOSITORY

PAGE = REPOSITORY / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
COLUMNS = ("figure", "measured", "goal", "how", "command", "date", "machine")


def machine() -> str:
    """What the figures were taken on."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB"


def table(figures: Iterable[Figure]) -> Table:
    """The figures for a person at a terminal."""
    view = Table(box=box.SIMPLE_HEAD)
    for title in ("", "figure", "measured", "goal", "how"):
        view.add_column(title, justify="right" if title in {"measured", "goal"} else "left", overflow="fold")
    for figure in figures:
        mark = "" if figure.goal is None else "[green]✓[/]" if figure.met else "[red]✗[/]"
        view.add_row(mark, figure.name, figure.shown, figure.aim, figure.note)
    return view


def write(figures: Sequence[Figure], page: Path = PAGE) -> None:
    """Put the figures into the page; rows of other figures, and the text around the table, stay.

    Raises:
        MachineError: the page has lost its markers.
    """
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    old, end, after = rest.partition(END)
    if not (begin and end):
        raise MachineError(f"{page} has no place for the figures.", f"Write {BEGIN} and {END} into it.")
    rows = dict(_rows(old)) | {figure.name: _row(figure) for figure in figures}
    head = [_line(COLUMNS), _line(["---"] * len(COLUMNS))]
    body = "\n".join([*head, *rows.values()])
    page.write_text(f"{before}{BEGIN}\n{body}\n{END}{after}", encoding="utf-8")


def _rows(text: str) -> Iterable[tuple[str, str]]:
    """Name and line of each row below the head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [(line.split("|")[1].strip(), line) for line in lines[2:]]


def _row(figure: Figure) -> str:
    mark = "" if figure.met else " **missed**"
    date = datetime.now(UTC).date().isoformat()
    command = f"`{figure.command}`"
    return _line([figure.name, figure.shown + mark, figure.aim, figure.note, command, date, machine()])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
