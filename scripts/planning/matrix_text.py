"""The matrix for a terminal, for a spreadsheet and for a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from scripts.planning.reasons import service, spoken
from stacks.language import say
from stacks.plan.exchange import remark
from stacks.plan.matrix import Matrix, Reach

WIDEST = 12
"""Columns that a terminal shows as a grid; more are shown as a list."""

CLOSED = "·"


def table(matrix: Matrix, exchanges: int = 0) -> RenderableType:
    """A grid with numbered columns while it fits, else one line for each pair that is open.

    Args:
        matrix: all of it, or the part of some tenants.
        exchanges: how many are declared; none of them opens a pair.
    """
    grid = _grid(matrix) if len(matrix.names) <= WIDEST else _list(matrix)
    pairs = len(matrix.sources) * len(matrix.names)
    note = say("plan.pairs-open", open=len(matrix.squares), pairs=pairs)
    return Group(grid, *(Text(line, "dim") for line in (note, remark(exchanges)) if line))


def _grid(matrix: Matrix) -> Table:
    view = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    view.add_column(say("plan.col-grid"))
    for number in range(1, len(matrix.names) + 1):
        view.add_column(str(number), justify="center")
    ends = {names[-1] for names in matrix.bands.values()}
    for number, source in enumerate(matrix.names, 1):
        cells = (_services(matrix, source, target, "\n") or CLOSED for target in matrix.names)
        view.add_row(f"{number} {source}", *cells, end_section=source in ends)
    return view


def _list(matrix: Matrix) -> Table:
    view = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("source", "to", "services", "why"):
        view.add_column(say(f"plan.col-{column}"), overflow="fold")
    for (source, target), reaches in matrix.squares.items():
        why = "\n".join(dict.fromkeys(spoken(reach.reason) for reach in reaches))
        view.add_row(source, target, _services(matrix, source, target, " "), why)
    return view


def as_csv(matrix: Matrix) -> str:
    """A row for every source and a column for every target; an empty cell is closed (RFC 4180)."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["from \\ to", *matrix.names])
    column = {name: index for index, name in enumerate(matrix.names, 1)}
    rows = {source: [source, *[""] * len(matrix.names)] for source in matrix.sources}
    for source, target in matrix.squares:
        rows[source][column[target]] = _services(matrix, source, target, " ", attrgetter("service"))
    writer.writerows(rows.values())
    return stream.getvalue()


def as_json(matrix: Matrix) -> dict[str, Any]:
    """Names, and all that is open; any other pair and service is closed."""
    return {
        "bands": {title: list(names) for title, names in matrix.bands.items()},
        "open": [
            {
                "from": reach.source,
                "to": reach.target,
                "service": reach.service,
                "protocol": reach.protocol,
                "ports": reach.ports,
                "why": reach.reason,
            }
            for reach in matrix.reaches
        ],
    }


def _services(
    matrix: Matrix, source: str, target: str, separator: str, named: Callable[[Reach], str] = service
) -> str:
    reaches = matrix.squares.get((source, target), ())
    return separator.join(dict.fromkeys(named(reach) for reach in reaches))
