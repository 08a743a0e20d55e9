"""Progress of a long step: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from scripts.console import err

if TYPE_CHECKING:
    from types import TracebackType

LOG_SECONDS = 20.0
"""Between two lines where there is no terminal."""


class Steps:
    """Counts steps and says how many are left and how long they may take.

    Args:
        what: what is being done.
        total: how many steps there are at most; fewer may come.
    """

    def __init__(self, what: str, total: int) -> None:
        """Nothing is shown yet."""
        self.what = what
        self.total = total
        self.done = 0
        self.started = self.said = time.monotonic()
        self.bar = Progress(
            TextColumn("toolchain: {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("[dim]{task.fields[item]}"),
            console=err,
            transient=True,
            disable=not err.is_terminal,
        )
        self.task = self.bar.add_task(what, total=total, item="")

    def __enter__(self) -> Self:
        """Show the bar."""
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self.bar.stop()

    def advance(self, item: str) -> None:
        """One step more: `item`."""
        self.done += 1
        self.bar.update(self.task, advance=1, item=item[-50:])
        now = time.monotonic()
        if not err.is_terminal and now - self.said > LOG_SECONDS:
            self.said = now
            left = (now - self.started) / self.done * max(self.total - self.done, 0)
            err.print(f"toolchain: {self.what}: {self.done} of {self.total}, about {left:.0f} s left")
