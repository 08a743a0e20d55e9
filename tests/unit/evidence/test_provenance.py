"""The commit that evidence names says when something that decides differs from it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.evidence import provenance
from scripts.evidence.provenance import WATCHED, commit, head
from stacks.settings import REPOSITORY
from tests.unit.evidence.audited import settings_of


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in WATCHED:
        file = tmp_path / (name if (REPOSITORY / name).is_file() else f"{name}/file")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("as committed\n")
    (tmp_path / "docs").mkdir()
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "all"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


@pytest.mark.parametrize("name", WATCHED)
def test_a_file_that_differs_is_told(checkout: Path, name: str) -> None:
    assert len(head(checkout)) == 40
    file = checkout / name
    (file if file.is_file() else file / "file").write_text("otherwise\n")
    assert head(checkout).endswith("+changes")


def test_a_page_that_differs_decides_nothing(checkout: Path) -> None:
    (checkout / "docs" / "new.md").write_text("new\n")
    assert "+" not in head(checkout)


def test_what_is_watched_exists() -> None:
    assert [name for name in WATCHED if not (REPOSITORY / name).exists()] == []


def test_no_checkout_has_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert head(tmp_path) == ""
    monkeypatch.setattr(provenance, "head", lambda: "")
    assert commit(settings_of(tmp_path)) == "unknown: not a Git checkout"


def test_requests_and_waivers_from_elsewhere_are_named(tmp_path: Path) -> None:
    found = commit(replace(settings_of(tmp_path), waivers=tmp_path / "waivers"))
    assert f", requests of {tmp_path / 'tenants'}, waivers of {tmp_path / 'waivers'}" in found
    inside = replace(settings_of(tmp_path), tenants=REPOSITORY / "tenants")
    assert "," not in commit(inside)
