"""Progress of long work, one line a step, on stderr."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scripts.console import err

if TYPE_CHECKING:
    from collections.abc import Iterator

START = time.monotonic()


def note(text: str) -> None:
    """One finished thing, with the seconds since the command started."""
    err.print(f"[dim]{time.monotonic() - START:6.1f} s[/]  {text}")


@contextmanager
def step(text: str) -> Iterator[None]:
    """A spinner while the block runs, then the line with the time that the block took."""
    begun = time.monotonic()
    with err.status(f"{text} …"):
        yield
    note(f"{text} [dim]({time.monotonic() - begun:.1f} s)[/]")
