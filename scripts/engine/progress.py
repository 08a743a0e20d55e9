"""A live table of stacks while they are worked on; plain lines where there is no terminal."""

from __future__ import annotations

import time

from rich.table import Table

from scripts.console import err
from scripts.engine.events import StackProgress
from scripts.live_table import LiveTable


class StackTable(LiveTable):
    """Shows each stack's state; a context manager whose `watch` is fed by the operations."""

    def __init__(self, verb: str) -> None:
        super().__init__()
        self._verb = verb
        self._started: dict[str, float] = {}
        self._rows: dict[str, StackProgress] = {}
        self._ended: dict[str, float] = {}

    def watch(self, progress: StackProgress) -> None:
        """Take the newest state of a stack."""
        name = progress.name
        if name not in self._started:
            self._started[name] = time.monotonic()
            if not err.is_terminal:
                err.print(f"{self._verb} {name} …")
        self._rows[name] = progress
        if progress.finished and name not in self._ended:
            self._ended[name] = time.monotonic()
            err.print(self._line(progress))

    def _line(self, progress: StackProgress) -> str:
        seconds = self._ended[progress.name] - self._started[progress.name]
        mark = "[red]✗[/]" if progress.errors else "[green]✓[/]"
        return f"{mark} {self._verb} {progress.name}: {progress.changed} changed, {seconds:.1f} s"

    def _table(self) -> Table:
        table = Table(box=None, show_header=False, padding=(0, 1))
        for name, progress in self._rows.items():
            if not progress.finished:
                seconds = time.monotonic() - self._started[name]
                table.add_row(
                    f"[cyan]{name}[/]",
                    f"{progress.done}/{progress.seen}",
                    f"{seconds:.0f} s",
                    progress.current,
                )
        return table
