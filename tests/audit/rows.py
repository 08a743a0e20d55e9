"""Runs a check once for each row of a table, with the row's own controls, so that each row is a result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import pytest

from scripts.evidence.finding import holds
from scripts.evidence.said import verbatim
from scripts.evidence.setting import Setting


class Row(Protocol):
    """What every table's rows have."""

    @property
    def name(self) -> str: ...

    @property
    def controls(self) -> tuple[str, ...]: ...

    @property
    def phrase(self) -> str: ...


def each(rows: Iterable[Row]) -> pytest.MarkDecorator:
    """The check's argument `row` goes through the table."""
    parameters = [pytest.param(row, id=row.name, marks=pytest.mark.control(*row.controls)) for row in rows]
    return pytest.mark.parametrize("row", parameters)


def judge(row: Setting, value: str | None, *, do: str) -> None:
    """The value is as wanted; one that is absent never is.

    Raises:
        Finding: it is not.
    """
    holds(
        value is not None and row.wanted.allows(value),
        expected=row.phrase,
        observed="not set" if value is None else verbatim(value),
        do=do,
    )
