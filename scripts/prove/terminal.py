"""The proof on a terminal: the matrix with the ports that are open, and every difference in words."""

from __future__ import annotations

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from scripts.prove.matrix import Mark, Matrix, Square, matrix_of
from scripts.prove.result import Proof
from stacks.plan.exchange import remark

STYLES = {Mark.OPEN: "green", Mark.BREACH: "bold white on red", Mark.MISSING: "bold black on yellow"}
SIGNS = {Mark.OPEN: "{}", Mark.BREACH: "!{} (forbidden)", Mark.MISSING: "?{} (planned, but not reached)"}


def rendered(proof: Proof) -> RenderableType:
    """What a verb prints."""
    lines = [Text(f"✗ {item}", style="red" if item.reached else "yellow") for item in proof.differences]
    unproved = [Text(f"not probed: {', '.join(proof.unprobed)}", style="yellow")] if proof.unprobed else []
    crossings = [Text(remark(proof.exchanges), style="dim")] if proof.exchanges else []
    return Group(_table(matrix_of(proof)), *crossings, *unproved, *lines, _verdict(proof))


def _verdict(proof: Proof) -> Text:
    count = f"{len(proof.observations)} probes, {proof.reached} reached, {proof.seconds:.1f} s"
    if proof.differences:
        return Text(f"✗ {len(proof.differences)} difference(s) from the plan ({count})", style="bold red")
    return Text(f"✓ the packets agree with the plan ({count})", style="bold green")


def _table(matrix: Matrix) -> Table:
    """A line for every source: a square for every target would be wider than a terminal."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("from", no_wrap=True)
    table.add_column("reaches", ratio=1)
    table.add_column("closed", justify="right")
    columns = [name for band in matrix.columns for name in band.names]
    for band in matrix.rows:
        for row in band.names:
            squares = {column: matrix.square(row, column) for column in columns}
            opened = [_ports(column, square) for column, square in squares.items() if square.not_closed]
            closed = sum(square.closed for square in squares.values())
            table.add_row(row, Text("\n").join(opened), str(closed))
        table.add_section()
    return table


def _ports(column: str, square: Square) -> Text:
    parts = [
        Text(SIGNS[mark].format(port), style=STYLES[mark])
        for mark in (Mark.BREACH, Mark.MISSING, Mark.OPEN)
        for port in square.marked(mark)
    ]
    return Text(f"{column} ").append_text(Text(" ").join(parts))
