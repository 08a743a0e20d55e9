"""The commit that evidence names says when something that decides differs from it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.access.auditor import AuditorFolder, hand_over
from scripts.access.ssh import SshFiles
from scripts.evidence import provenance
from scripts.evidence.provenance import WATCHED, commit, head
from stacks.cloud import CloudAccess
from stacks.settings import REPOSITORY
from tests.unit.evidence.audited import NOW, estate_of, settings_of


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


def test_the_programs_that_built_it_are_those_that_the_operators_handed_over(tmp_path: Path) -> None:
    """Without a file, from a deployment of before, nothing is claimed."""
    estate = estate_of(tmp_path)
    assert not [name for name in provenance.provenance(estate, NOW).tools if name.startswith("Pulumi")]
    folder = AuditorFolder(tmp_path / "auditor")
    folder.path.mkdir()
    folder.programs.write_text('{"Pulumi": "3.999.1"}', encoding="utf-8")
    assert provenance.provenance(estate, NOW).tools["Pulumi"] == "3.999.1"


def test_the_hand_over_names_the_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(tmp_path)
    clouds = {"clouds": {settings.cloud: {"auth": {"auth_url": "https://cloud.example:5000"}}}}
    (tmp_path / "clouds.yaml").write_text(json.dumps(clouds), encoding="utf-8")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
    folder = AuditorFolder(settings.auditor)
    for file in (
        tmp_path / "ca.pem",
        Path(f"{settings.operator_key}.pub"),
        SshFiles.of(settings).known_hosts,
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    folder.path.mkdir()
    (folder.path / "password").write_text("secret", encoding="utf-8")
    access = CloudAccess(settings.cloud, None, "", None)
    hand_over(settings, access, tmp_path / "ca.pem", {"Pulumi": "3.9.1"})
    assert estate_of(tmp_path).deployment.programs == {"Pulumi": "3.9.1"}
