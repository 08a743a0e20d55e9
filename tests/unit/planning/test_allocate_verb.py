"""`govcloud allocate`: what a review of the ledger is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scripts.main import build_app
from stacks.errors import RequestError
from stacks.request.ledger import FILE_NAME
from tests.unit.request.cases import Case


@pytest.fixture
def tenants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Case("").apply(tmp_path)
    monkeypatch.setenv("GOVCLOUD_TENANTS", str(folder))
    return folder


def _allocate(*arguments: str) -> str:
    result = CliRunner().invoke(build_app(), ["allocate", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_what_is_given_and_what_is_released_is_named(tenants: Path) -> None:
    given = _allocate("--on", "2026-11-22").splitlines()
    assert given[0] == "+ city tenant number 0"
    assert "+ county/office 10.128.1.0/24" in given
    written = (tenants / FILE_NAME).read_bytes()
    assert _allocate("--on", "2026-11-23").startswith("nothing new")
    assert (tenants / FILE_NAME).read_bytes() == written

    city = (tenants / "city.yaml").read_text(encoding="utf-8")
    platform = (tenants / "platform.yaml").read_text(encoding="utf-8")
    (tenants / "platform.yaml").write_text(
        platform.replace("approved: [county]", "approved: []"), encoding="utf-8"
    )
    (tenants / "county.yaml").unlink()
    flow = "  - {from: county/office, to: office, service: https}\n"
    (tenants / "city.yaml").write_text(city.replace("flows:\n", "").replace(flow, ""), encoding="utf-8")
    released = _allocate("--on", "2026-11-24")
    assert "- county/office 10.128.1.0/24, cools down until 2027-02-22\n" in released
    assert "256 more cool down, the first until 2027-02-22" in released

    free = json.loads(_allocate("--on", "2027-02-22", "--json"))
    assert {"holder": "county/office", "what": "10.128.1.0/24", "until": None} in free["free"]
    assert (free["given"], free["released"]) == ([], [])
    assert [room["cooling"] for room in free["room"]] == [0, 0]


def test_a_day_must_be_a_day(tenants: Path) -> None:
    said = CliRunner().invoke(build_app(), ["allocate", "--on", "soon"])
    assert isinstance(said.exception, RequestError)
    assert "'soon' is no day" in said.exception.what
    assert not (tenants / FILE_NAME).exists()
