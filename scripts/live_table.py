"""A table that is drawn anew while a verb works; nothing is drawn where there is no terminal."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from rich.live import Live
from rich.table import Table

from scripts.console import err


class LiveTable(ABC):
    """A context manager: the table is on the screen between its two ends, and no longer."""

    def __init__(self) -> None:
        self._live = Live(console=err, refresh_per_second=4, transient=True, get_renderable=self._table)

    def __enter__(self) -> Self:
        """Start to draw."""
        if err.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the table away."""
        if err.is_terminal:
            self._live.stop()

    @abstractmethod
    def _table(self) -> Table:
        """What there is to see now."""
