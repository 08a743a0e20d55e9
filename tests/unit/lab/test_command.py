"""A program that fails says where and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.lab.command import last_lines, run
from stacks.errors import LabError


def test_a_failure_quotes_the_end_of_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log" / "one.log"
    with pytest.raises(LabError) as caught:
        run("the first step", ["sh", "-c", "seq 100; echo 'no space left' >&2; exit 3"], log)
    assert "the first step failed (exit status 3)" in caught.value.what
    assert caught.value.what.endswith("no space left")
    assert "\n1\n" not in caught.value.what
    assert caught.value.hint


def test_success_appends_and_is_silent(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "one.log"
    for word in ("first", "second"):
        run("a step", ["sh", "-c", "cat"], log, stdin=f"{word}\n")
    assert log.read_text() == "first\nsecond\n"
    assert capfd.readouterr() == ("", "")


def test_a_log_that_nobody_wrote(tmp_path: Path) -> None:
    assert "was not written" in last_lines(tmp_path / "none.log")
