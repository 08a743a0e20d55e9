"""What is wrong with a request file, and where: one diagnostic per finding, all findings in one report."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Position:
    """A place in a YAML file.

    Attributes:
        file: path of the file as the person gave it.
        line: line, counted from 1.
        column: column, counted from 1.
    """

    file: Path
    line: int
    column: int

    def __str__(self) -> str:
        """`file:line:column` as seen from the working directory; editors and CI turn it into a link."""
        here = Path.cwd()
        file = self.file.relative_to(here) if self.file.is_relative_to(here) else self.file
        return f"{file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Diagnostic:
    """One finding: where, what is wrong, what was expected."""

    position: Position
    message: str

    def __str__(self) -> str:
        """One line: `file:line:column: message`."""
        return f"{self.position}: {self.message}"


def did_you_mean(value: str, valid: Iterable[str]) -> str:
    """The end of a message about an unknown name: the nearest valid name, else all of them."""
    names = sorted(valid)
    near = difflib.get_close_matches(value, names, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"expected one of: {', '.join(names)}" if names else "none is declared"
