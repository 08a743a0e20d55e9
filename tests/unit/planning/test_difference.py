"""`govcloud plan --diff`: what a change of the requests opens and closes, against a real Git repository."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scripts.main import build_app
from tests.unit.request.cases import Case


def _git(folder: Path, *arguments: str) -> None:
    author = ("-c", "user.name=Test", "-c", "user.email=test@city.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *author, *arguments], check=True, capture_output=True)


@pytest.fixture
def tenants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Requests that are committed, with their ledger."""
    folder = Case("", ()).apply(tmp_path)
    monkeypatch.setenv("GOVCLOUD_TENANTS", str(folder))
    assert CliRunner().invoke(build_app(), ["allocate"]).exit_code == 0
    _git(tmp_path, "init", "--quiet")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "--message", "first")
    return folder


def _plan(*arguments: str) -> str:
    result = CliRunner().invoke(build_app(), ["plan", "--diff", "HEAD", *arguments], terminal_width=200)
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.usefixtures("tenants")
def test_nothing_is_said_of_what_stays() -> None:
    assert _plan() == "nothing changes against HEAD"


def test_flows_hosts_networks_and_quotas_in_words(tenants: Path) -> None:
    _edit(tenants / "county.yaml", "service: https", "service: postgresql")
    _edit(tenants / "city.yaml", "office, service: https", "office, service: postgresql")
    _edit(tenants / "city.yaml", "count: 2", "count: 1")
    _edit(tenants / "county.yaml", "hosts:", "  - {name: data, zone: internal, size: 8}\n\nhosts:")
    _edit(tenants / "platform.yaml", "instances: 4", "instances: 5")
    told = _plan()
    for line in (
        "+ county/office may open postgresql (tcp 5432) at city/office",
        "- no more: county/office may open https (tcp 443) at city/office",
        "- host city-web-2: 10.64.0.5, small (1 vCPU), portal",
        "+ network county/data: 10.128.0.64/28 (internal)",
        "~ quota city instances: 4 → 5",
    ):
        assert line in told
    assert "county/data may open" not in told
    found = json.loads(_plan("--json"))
    assert [(item["source"], item["service"]) for item in found["closed"]] == [("county/office", "https")]
    assert found["networks"] == {"county/data": {"was": None, "is": "10.128.0.64/28 (internal)"}}


def test_a_flow_of_one_tenant_alone_opens_nothing(tenants: Path) -> None:
    _edit(tenants / "county.yaml", "service: https", "service: postgresql")
    found = json.loads(_plan("--json"))
    assert found["opened"] == []
    assert [item["service"] for item in found["closed"]] == ["https"]


@pytest.mark.usefixtures("tenants")
@pytest.mark.parametrize("revision", ["nonsense", "--output=/tmp/x", "HEAD~7"])
def test_an_unknown_revision_is_refused(revision: str) -> None:
    result = CliRunner().invoke(build_app(), ["plan", f"--diff={revision}"])
    assert "is no revision" in str(result.exception)


def test_requests_that_did_not_pass_then_are_named(tenants: Path) -> None:
    county = tenants / "county.yaml"
    right = county.read_text(encoding="utf-8")
    _edit(county, "zone: internal", "zone: nowhere")
    _git(tenants, "commit", "--quiet", "--all", "--message", "second")
    county.write_text(right, encoding="utf-8")
    result = CliRunner().invoke(build_app(), ["plan", "--diff", "HEAD"])
    assert "the requests at HEAD do not pass: county.yaml:10:26: GC073" in str(result.exception)


def test_a_folder_outside_of_git_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVCLOUD_TENANTS", str(Case("", ()).apply(tmp_path)))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    result = CliRunner().invoke(build_app(), ["plan", "--diff", "HEAD"])
    assert "is no revision of the Git repository" in str(result.exception)
