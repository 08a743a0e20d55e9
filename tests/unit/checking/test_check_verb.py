"""`govcloud check` as a person, a program and a CI system see it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from scripts.checking.snippet import WIDTH, rendered
from scripts.main import build_app
from scripts.verbs.check import PAGES
from stacks.errors import RequestError
from stacks.language import Language, from_environment
from stacks.request.landing_zone import check
from tests.unit.request.cases import Case

SLIPS = {
    "city.yaml": [("zh: 城市门户网站", "zh: 城市门户网站, xx: 汉字"), ("segment: office", "segment: ofice")],
    "county.yaml": [("parent: city", "parent: city\ncost_centre: 0207")],
}


@pytest.fixture
def tenants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    zone = Case("", edit={"city.yaml": SLIPS["city.yaml"][1:], "county.yaml": SLIPS["county.yaml"]}).apply(
        tmp_path
    )
    monkeypatch.setenv("GOVCLOUD_TENANTS", str(zone))
    monkeypatch.chdir(tmp_path)
    return zone


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(build_app("check"), ["check", *arguments])


@pytest.mark.usefixtures("tenants")
def test_errors_end_with_an_exception_that_counts_them() -> None:
    done = _run()
    assert isinstance(done.exception, RequestError)
    assert done.exception.what == "1 error(s) and 1 warning(s) in 2 file(s)."
    assert "error[GC075]: hosts.1.segment: 'ofice' is not a segment of this request" in done.stdout
    assert "--> tenants/city.yaml:14:25" in done.stdout
    assert "did you mean 'office'?" in done.stdout


@pytest.mark.usefixtures("tenants")
def test_only_the_named_files_count() -> None:
    warned = _run("tenants/county.yaml")
    assert warned.exit_code == 0
    assert "warning[GC036]" in warned.stdout
    assert "GC075" not in warned.stdout
    assert "1 file(s) in order" in warned.stdout
    refused = _run("tenants/nowhere.yaml")
    assert isinstance(refused.exception, RequestError)


@pytest.mark.usefixtures("tenants")
def test_json_has_every_part_and_paths_from_here() -> None:
    rows = json.loads(_run("--json").stdout)
    assert [row["code"] for row in rows] == ["GC075", "GC036"]
    first = rows[0]
    assert (first["file"], first["line"], first["column"]) == ("tenants/city.yaml", 14, 25)
    assert (first["end_line"], first["end_column"]) == (14, 30)
    assert (first["key"], first["value"], first["nearest"]) == ("hosts.1.segment", "ofice", "office")
    assert first["valid"] == ["office", "portal"]
    assert (PAGES.parents[1] / first["page"]).exists()
    assert [row["severity"] for row in rows] == ["error", "warning"]


def test_json_of_nothing_is_an_empty_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVCLOUD_TENANTS", str(Case("").apply(tmp_path)))
    for form in ("json", "gitlab"):
        assert json.loads(_run("--format", form).stdout) == []
    assert _run("--format", "github").stdout == ""
    assert _run().stdout == "✓ 2 tenants and the platform are in order\n"


def test_github_commands_escape_what_would_end_them(tenants: Path) -> None:
    error, warning = _run("--format", "github").stdout.splitlines()
    place, _, message = error.removeprefix("::error ").partition("::")
    values = dict(part.split("=") for part in place.split(","))
    assert values["file"] == "tenants/city.yaml"
    assert (values["line"], values["col"], values["endColumn"]) == ("14", "25", "30")
    assert values["title"].startswith("GC075 ")
    assert message.startswith("hosts.1.segment: 'ofice'")
    assert warning.startswith("::warning file=tenants/county.yaml,")
    (tenants / "city.yaml").write_text("id: 'a%, b:\n\n  c'\n", encoding="utf-8")
    assert all(line.startswith("::") for line in _run("--format", "github").stdout.splitlines())


def test_a_gitlab_finding_stays_the_same_one_when_lines_move(tenants: Path) -> None:
    before = json.loads(_run("--format", "gitlab").stdout)
    city = tenants / "city.yaml"
    city.write_text("\n\n" + city.read_text(encoding="utf-8"), encoding="utf-8")
    after = json.loads(_run("--format", "gitlab").stdout)
    assert [row["fingerprint"] for row in before] == [row["fingerprint"] for row in after]
    assert (before[0]["location"]["lines"]["begin"], after[0]["location"]["lines"]["begin"]) == (14, 16)
    assert {row["severity"] for row in after} == {"major", "minor"}


def test_wide_characters_keep_the_caret_below_its_word(tmp_path: Path) -> None:
    zone = Case("", edit={"city.yaml": SLIPS["city.yaml"][:1]}).apply(tmp_path)
    (finding,) = check(zone)[1]
    lines = str(rendered(finding)).splitlines()
    code, mark = next((line, lines[n + 1]) for n, line in enumerate(lines) if "汉字" in line)
    assert cell_len(code[: code.index("xx")]) == mark.index("^")
    assert mark.count("^") == 2


def test_a_very_long_line_is_cut_around_its_mark(tmp_path: Path) -> None:
    zone = Case(
        "", edit={"city.yaml": [("zh: 城市门户网站", f"zh: {'城' * 190}, xx: 1, yy: {'a' * 500}")]}
    ).apply(tmp_path)
    for finding in check(zone)[1]:
        lines = str(rendered(finding)).splitlines()
        code, mark = next((line, lines[n + 1]) for n, line in enumerate(lines) if line.startswith("2 |"))
        assert cell_len(code) <= 2 * WIDTH
        assert cell_len(code[: code.index(str(finding.value))]) == mark.index("^")


def test_nothing_that_a_terminal_obeys_is_repeated(tmp_path: Path) -> None:
    zone = Case("", add={"city.yaml": "id: \x1b[31mcity\n"}).apply(tmp_path)
    shown = "".join(str(rendered(item)) for item in check(zone)[1])
    assert "\x1b" not in shown
    assert "\ufffd[31mcity" in shown


def test_the_text_of_a_file_outside_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("password: hunter2\n", encoding="utf-8")
    zone = Case("", place={"city.yaml": "-> ../secret.yaml"}).apply(tmp_path)
    shown = "".join(str(rendered(item)) for item in check(zone)[1])
    assert "GC011" in shown
    assert "hunter2" not in shown


def test_explain_prints_the_page() -> None:
    done = _run("--explain", "gc086")
    assert done.stdout == (PAGES / "GC086.md").read_text(encoding="utf-8") + "\n"
    refused = _run("--explain", "GC0866")
    assert isinstance(refused.exception, RequestError)
    assert "did you mean 'GC086'?" in refused.exception.what


@pytest.mark.parametrize(
    ("variables", "arguments"), [({"LC_ALL": "zh_CN.UTF-8"}, []), ({}, ["--lang", "zh"])]
)
def test_a_program_of_its_own_speaks_chinese(
    tenants: Path, variables: dict[str, str], arguments: list[str]
) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("govcloud")), "check", *arguments],
        env={"PATH": "/usr/bin:/bin", "GOVCLOUD_TENANTS": str(tenants), "PYTHONUTF8": "1", **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == RequestError.exit_code
    assert "'ofice' 不是本申请中的网段" in done.stdout
    assert "2 个文件中有 1 处错误、1 处警告。" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, Language.EN),
        ({"LANG": "zh_CN.UTF-8"}, Language.ZH),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, Language.EN),
        ({"LANG": "C", "LC_MESSAGES": "de_DE", "LC_ALL": "zh_TW"}, Language.ZH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, Language.ZH),
    ],
)
def test_the_locale_decides(variables: dict[str, str], language: Language) -> None:
    assert from_environment(variables) is language
