"""The page of figures keeps what it does not know."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.bench.figure import Figure, ratio
from scripts.bench.report import BEGIN, END, write
from stacks.errors import MachineError


def figure(name: str, value: float, goal: float | None = None) -> Figure:
    return Figure(name, value, "s", goal, "command")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.md"
    path.write_text(f"# Title\n\nBefore.\n\n{BEGIN}\n{END}\n\nAfter.\n")
    return path


def rows(page: Path) -> list[list[str]]:
    lines = page.read_text().splitlines()
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("|")][2:]


def test_a_partial_run_replaces_only_its_own_rows(page: Path) -> None:
    write([figure("one", 1.0), figure("two", 2.0)], page)
    write([figure("two", 3.0), figure("three", 4.0)], page)
    assert [row[:2] for row in rows(page)] == [["one", "1 s"], ["two", "3 s"], ["three", "4 s"]]
    assert page.read_text().startswith("# Title\n\nBefore.\n")
    assert page.read_text().endswith("\n\nAfter.\n")


def test_a_missed_goal_is_said(page: Path) -> None:
    write([figure("good", 45.0, 45), figure("bad", 45.4, 45)], page)
    assert [row[1] for row in rows(page)] == ["45 s", "45.4 s **missed**"]


def test_a_page_without_markers_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("nothing")
    with pytest.raises(MachineError, match="no place"):
        write([figure("one", 1.0)], path)
    assert path.read_text() == "nothing"


def test_ratios_compare_pairs() -> None:
    """The second pair was taken while the machine was three times slower."""
    found = ratio("name", [13.0, 36.0, 11.0], [10.0, 30.0, 5.0], 1.3, "command")
    assert found.value == 1.3
    assert found.met
    assert found.shown == "1.30"
    assert found.note == "13.0 s against 10.0 s; median of 3 pairs, 1.20 to 2.20"


@pytest.mark.parametrize(
    ("value", "shown"), [(0.456, "0.46 s"), (12.34, "12.3 s"), (123.4, "123 s"), (7.0, "7 s")]
)
def test_three_digits_are_shown(value: float, shown: str) -> None:
    assert figure("name", value).shown == shown
