"""`govcloud new` writes a request that passes, or nothing."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from typer.testing import CliRunner, Result

from scripts.main import build_app
from scripts.planning.draft import word
from scripts.planning.report import reports
from stacks.errors import RequestError
from stacks.request.document import Reader
from stacks.request.landing_zone import check, load
from stacks.request.loader import read_document
from stacks.settings import REPOSITORY, Settings

TEMPLATES = ("data-service", "office", "portal")


@pytest.fixture
def tenants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Path(shutil.copytree(REPOSITORY / "tenants", tmp_path / "tenants"))
    monkeypatch.setenv("GOVCLOUD_TENANTS", str(folder))
    return folder


def new(*arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(build_app(), ["new", *arguments], input=answers)


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_it_writes_passes_the_check_the_schema_and_the_plan(template: str, tenants: Path) -> None:
    said = new("water-bureau", "--template", template, "--yes")
    assert said.exit_code == 0, said.output
    zone, findings = check(tenants)
    assert findings == []
    assert zone is not None
    path = tenants / "water-bureau.yaml"
    schema = json.loads((tenants / "schema" / "tenant.schema.json").read_text(encoding="utf-8"))
    assert list(Draft7Validator(schema).iter_errors(read_document(path)[0].data)) == []
    (report,) = reports(tenants, ["water-bureau"], Settings.from_environment().today)
    assert report.tenant.hosts
    assert (template == "portal") is any(host.published for host in report.tenant.hosts)


def test_it_asks_for_what_was_not_said(tenants: Path) -> None:
    said_to_it = ("portal", "Water Bureau", "水利局", "county", "xiangyang-portal", "Bureau: water, rivers")
    more = ("Chen Jie", "it@water.example", "汛情", "water.example", "")
    said = new("water-bureau", answers="\n".join((*said_to_it, *more)))
    assert said.exit_code == 0, said.output
    water = next(request for request in load(tenants).requests if request.id == "water-bureau")
    assert (water.name.zh, water.tier, water.parent) == ("水利局", "county", "xiangyang-portal")
    assert water.owner.department == "Bureau: water, rivers"
    assert [(item.hostname, item.host) for item in water.publish] == [("water.example", "web")]
    assert [host.site.title for host in water.hosts if host.site] == ["汛情"]


def test_in_chinese_it_asks_and_comments_in_chinese_and_says_the_same(tenants: Path) -> None:
    english = tenants / "water-bureau.yaml"
    assert new("water-bureau", "--template", "portal", "--yes", "--set", "contact=Chen Jie").exit_code == 0
    data = read_document(english)[0].data
    english.unlink()
    answers = "\n".join(("portal", *[""] * 5, "Chen Jie", *[""] * 4))
    said = new("water-bureau", "--lang", "zh", answers=answers)
    assert said.exit_code == 0, said.output
    assert "data-service、office、portal" in said.stderr
    assert "已通过检查" in said.stdout
    text = english.read_text(encoding="utf-8")
    assert read_document(english)[0].data == data
    comments = [line.partition("#")[2] for line in text.splitlines() if "  # " in line]
    assert comments
    assert all(re.search("[\u4e00-\u9fff]", comment) for comment in comments)
    checked = CliRunner().invoke(build_app(), ["check", str(english), "--lang", "zh"])
    assert checked.exit_code == 0, checked.output


def test_nothing_is_overwritten(tenants: Path) -> None:
    before = (tenants / "taihe-office.yaml").read_bytes()
    said = new("taihe-office", "--yes")
    assert isinstance(said.exception, RequestError)
    assert (tenants / "taihe-office.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("../escape",), "is no id of a tenant"),
        (("Water",), "is no id of a tenant"),
        (("water", "--template", "portl"), "did you mean 'portal'?"),
        (("water", "--template", "portal", "--set", "hostname=www.xiangyang.example"), "GC090"),
        (("water", "--set", "tier=cty"), "did you mean 'city'?"),
        (("water", "--set", "parent=taihe-office"), "GC083"),
        (("water", "--set", "paren=taihe-office"), "did you mean 'parent'?"),
        (("water", "--set", "tier"), "expected KEY=VALUE"),
    ],
)
def test_what_would_not_pass_leaves_nothing_behind(
    arguments: tuple[str, ...], reason: str, tenants: Path
) -> None:
    before = sorted(tenants.rglob("*"))
    said = new(*arguments, "--yes")
    assert isinstance(said.exception, RequestError)
    assert reason in str(said.exception)
    assert sorted(tenants.rglob("*")) == before


def test_without_templates_it_says_so(tenants: Path) -> None:
    shutil.rmtree(tenants / "templates")
    assert "holds no template" in str(new("water", "--yes").exception)


TEXTS = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1)


@given(TEXTS.map(str.strip).filter(bool))
def test_any_text_comes_back_as_it_was_written(value: str) -> None:
    reader = Reader(Path("t.yaml"), f"key: {{inner: {word(value)}}}")
    assert reader.read() == {"key": {"inner": value}}
    assert reader.findings == []
