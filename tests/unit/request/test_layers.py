"""Platform defaults, templates and requests: one order, and every value knows its file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from scripts.main import build_app
from scripts.planning.explained import explained
from stacks.errors import RequestError
from stacks.request.landing_zone import check, load
from stacks.request.loader import read_document
from stacks.request.origin import origins
from stacks.settings import REPOSITORY
from tests.unit.request.cases import Case, findings

WHO = """\
name: {en: Water, zh: 水利局}
tier: city
owner: {department: Water, contact: Chen Jie, email: it@water.example}
"""
WATER = f"id: water\ntemplate: office\n{WHO}"
OFFICE = """\
classification: internal
mlps_level: 2
quota: {class: small}
backup: {every: week}
segments:
  - {name: office, zone: internal, size: 50}
  - {name: lab, zone: internal}
hosts:
  - {name: oa, segment: office, flavor: small, count: 2}
"""
DEFAULTS = [("name: Test cloud", "name: Test cloud\ndefaults: {mlps_level: 4, environment: staging}")]


def _zone(folder: Path, request: str = WATER, template: str = OFFICE) -> Path:
    (folder / "templates").mkdir()
    (folder / "templates" / "office.yaml").write_text(template, encoding="utf-8")
    case = Case("", edit={"platform.yaml": DEFAULTS}, add={"water.yaml": request})
    zone = case.apply(folder)
    (folder / "templates").rename(zone / "templates")
    return zone


def _places(zone: Path) -> dict[str, str]:
    source = next(item for item in load(zone).tenants if item.value.id == "water")
    return {".".join(map(str, o.key)): o.place.replace(f"{zone}/", "") for o in origins(source)}


def test_a_request_wins_over_its_template_and_that_over_the_platform(tmp_path: Path) -> None:
    zone = _zone(tmp_path, f"{WATER}environment: development\n")
    water = next(request for request in load(zone).requests if request.id == "water")
    assert (water.environment, water.mlps_level, water.classification) == ("development", 2, "internal")
    places = _places(zone)
    assert places["environment"] == "water.yaml:6"
    assert places["mlps_level"] == "templates/office.yaml:2"
    assert places["cost_centre"] == "default"
    county = next(source for source in load(zone).tenants if source.value.id == "county")
    assert (county.value.environment, county.value.mlps_level) == ("staging", 4)
    assert county.document.position("mlps_level").file == zone / "platform.yaml"


def test_entries_with_a_name_are_merged_by_it_and_new_ones_follow(tmp_path: Path) -> None:
    own = "hosts: [{name: db, segment: lab, flavor: small}, {name: oa, count: 1}]\nbackup: {keep: 7}\n"
    zone = _zone(tmp_path, WATER + own)
    water = next(request for request in load(zone).requests if request.id == "water")
    assert [(host.name, host.segment, host.count) for host in water.hosts] == [
        ("oa", "office", 1),
        ("db", "lab", 1),
    ]
    assert water.backup is not None
    assert (water.backup.every, water.backup.keep) == ("week", 7)
    places = _places(zone)
    assert places["hosts.0.segment"] == "templates/office.yaml:9"
    assert places["hosts.0.count"] == "water.yaml:6"
    assert places["hosts.1.segment"] == "water.yaml:6"


def test_an_empty_value_takes_the_place_of_the_templates(tmp_path: Path) -> None:
    zone = _zone(tmp_path, f"{WATER}backup:\nhosts: []\n")
    water = next(request for request in load(zone).requests if request.id == "water")
    assert water.backup is None
    assert water.hosts == ()


def test_findings_point_into_the_file_that_the_value_came_from(tmp_path: Path) -> None:
    zone = _zone(tmp_path, template=OFFICE.replace("zone: internal}", "zone: intern}"))
    assert [line.split(" ")[0] for line in findings(zone)] == ["templates/office.yaml:7:23:"]


def test_a_name_that_is_written_twice_is_found(tmp_path: Path) -> None:
    twice = "hosts: [{name: oa, segment: lab, flavor: small}, {name: oa, segment: lab, flavor: small}]\n"
    assert [line.split(" ")[0] for line in findings(_zone(tmp_path, WATER + twice))] == ["water.yaml:6:57:"]


def test_an_unknown_template_is_said_with_the_nearest_name(tmp_path: Path) -> None:
    (first, *_) = findings(_zone(tmp_path, WATER.replace("office", "offce")))
    assert first.startswith("water.yaml:")
    assert any("did you mean 'office'?" in line for line in findings(tmp_path / "tenants"))


@pytest.mark.parametrize("key", ["id: x", "template: x"])
def test_a_template_is_nobodys_request(key: str, tmp_path: Path) -> None:
    zone = _zone(tmp_path, template=f"{OFFICE}{key}\n")
    assert [line.split(" ")[0] for line in findings(zone)] == ["templates/office.yaml:10:1:"]


def test_a_template_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    zone = _zone(tmp_path, template="a: [")
    assert "templates/office.yaml" in {line.split(":")[0] for line in findings(zone)}


@pytest.mark.parametrize("name", ["portal", "office", "data-service"])
def test_the_templates_that_come_along_make_a_request(name: str, tmp_path: Path) -> None:
    zone = Path(shutil.copytree(REPOSITORY / "tenants", tmp_path / "tenants"))
    site = "hosts: [{name: web, site: {title: 水利}}]\n" if name == "portal" else ""
    (zone / "water.yaml").write_text(f"id: water\ntemplate: {name}\n{WHO}{site}", encoding="utf-8")
    assert check(zone)[1] == []


def test_without_layers_a_request_is_the_document_itself() -> None:
    zone = load(REPOSITORY / "tests/unit/request/fixtures/base")
    for source in zone.tenants:
        assert source.document == read_document(source.document.path)[0]


def test_explain_names_file_and_line(tmp_path: Path) -> None:
    console = Console(width=300, color_system=None)
    with console.capture() as said:
        console.print(explained(_zone(tmp_path), ["water"]))
    lines = {line.split()[0]: line.split()[-1] for line in said.get().splitlines() if line.strip()}
    assert lines["classification"].endswith("templates/office.yaml:1")
    assert lines["id"].endswith("water.yaml:1")
    assert lines["environment"].endswith("platform.yaml:2")
    assert lines["parent"] == "default"


def test_the_verb_explains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVCLOUD_TENANTS", str(_zone(tmp_path)))
    said = CliRunner().invoke(build_app(), ["plan", "water", "--explain"])
    assert said.exit_code == 0
    assert "default of the language" in said.stdout
    refused = CliRunner().invoke(build_app(), ["plan", "watr", "--explain"])
    assert isinstance(refused.exception, RequestError)
