"""In Chinese the verbs of a department speak Chinese throughout; what programs read stays as it is."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from scripts.main import build_app
from scripts.planning.reasons import spoken
from stacks.errors import GovcloudError
from stacks.language import CURRENT, Language
from stacks.plan.landing_zone import plan_from_folder
from stacks.request.ledger import FILE_NAME
from stacks.settings import REPOSITORY

CHINESE = re.compile("[\u4e00-\u9fff]")
SENTENCE = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b")
"""Three English words in a row; names and values are one word each."""

COMMAND = re.compile("`?govcloud [a-z]+( [a-z-]+)?`?")

SHOWN = (
    ("plan",),
    ("plan", "luoyang-tourism", "--on", "2027-01-15"),
    ("plan", "xiangyang-portal"),
    ("plan", "taihe-office"),
    ("plan", "taihe-office", "--explain"),
    ("plan", "--quota"),
    ("plan", "--matrix", "table"),
    ("plan", "luoyang-tourism", "--matrix", "table"),
    ("plan", "--matrix", "svg"),
    ("plan", "--diff", "HEAD"),
    ("allocate",),
)

READ_BY_PROGRAMS = (
    ("plan", "--json"),
    ("plan", "--quota", "--json"),
    ("plan", "--matrix", "csv"),
    ("plan", "--matrix", "json"),
    ("plan", "--diff", "HEAD", "--json"),
    ("allocate", "--json"),
)


@pytest.fixture
def tenants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The examples in a repository of their own: one tenant and its addresses are not committed yet."""
    folder = Path(shutil.copytree(REPOSITORY / "tenants", tmp_path / "tenants"))
    late, ledger = folder / "luoyang-tourism.yaml", folder / FILE_NAME
    request = late.read_text(encoding="utf-8")
    late.unlink()
    ledger.unlink()
    for words in ("init -q", "add .", "-c user.name=t -c user.email=t@t.example commit -qm first"):
        subprocess.run(["git", "-C", str(folder), *words.split()], check=True)
    late.write_text(request, encoding="utf-8")
    monkeypatch.setenv("GOVCLOUD_TENANTS", str(folder))
    monkeypatch.setenv("COLUMNS", "300")
    return folder


def run(*arguments: str, language: str) -> Result:
    return CliRunner().invoke(build_app(), [*arguments, "--lang", language])


@pytest.mark.usefixtures("tenants")
@pytest.mark.parametrize("arguments", SHOWN, ids=" ".join)
def test_nothing_is_left_in_english(arguments: tuple[str, ...]) -> None:
    said = run(*arguments, language="zh")
    assert said.exit_code == 0, said.output
    assert CHINESE.search(said.stdout)
    own = said.stdout.replace(plan_from_folder(REPOSITORY / "tenants").platform.platform.name, "")
    lines = [re.sub("<[^>]*>", " ", COMMAND.sub("", line)) for line in own.splitlines()]
    assert [line for line in lines if SENTENCE.search(line)] == []


@pytest.mark.parametrize("arguments", READ_BY_PROGRAMS, ids=" ".join)
def test_programs_read_the_same_in_every_language(arguments: tuple[str, ...], tenants: Path) -> None:
    said = [run(*arguments, language=language) for language in Language]
    if arguments[0] == "allocate":  # the second one finds everything recorded
        (tenants / FILE_NAME).unlink()
        said[1] = run(*arguments, language="zh")
    assert {result.exit_code for result in said} == {0}
    assert said[0].stdout == said[1].stdout


@pytest.mark.usefixtures("tenants")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("plan", "taihe-ofice"), "您是否想写“taihe-office”"),
        (("plan", "taihe-ofice", "--explain"), "没有租户“taihe-ofice”的申请"),
        (("plan", "--on", "soon"), "“soon”不是日期"),
        (("allocate", "--on", "2027-02-30"), "“2027-02-30”不是日期"),
        (("plan", "--on", "20270215"), "“20270215”不是日期"),
        (("plan", "--diff", "nonsense"), "“nonsense”不是"),
        (("new", "Water"), "“Water”不符合租户标识的格式"),
        (("new", "taihe-office"), "未作改动"),
        (("new", "water", "--set", "tier"), "格式应为 KEY=VALUE"),
    ],
)
def test_errors_are_in_chinese(arguments: tuple[str, ...], words: str) -> None:
    said = run(*arguments, language="zh")
    assert isinstance(said.exception, GovcloudError)
    assert said.exception.exit_code == 2
    assert words in said.exception.what
    assert not SENTENCE.search(COMMAND.sub("", str(said.exception)))


def test_an_exhausted_pool_says_in_chinese_how_much_is_free(tenants: Path) -> None:
    platform = tenants / "platform.yaml"
    text = platform.read_text(encoding="utf-8")
    pool = re.search(r"pool: (\d+\.\d+\.\d+\.\d+)/\d+", text)
    assert pool is not None
    platform.write_text(text.replace(pool[0], f"pool: {pool[1]}/29"), encoding="utf-8")
    said = run("plan", language="zh")
    assert isinstance(said.exception, GovcloudError)
    assert re.search(
        r"地址池 .* 中没有可供网段 .* 使用的 /\d+ 空闲地址块。.*空闲 \d+ 个", said.exception.what
    )
    assert "扩大地址池" in said.exception.hint


def test_every_reason_of_a_rule_has_chinese_words() -> None:
    CURRENT.set(Language.ZH)
    plan = plan_from_folder(REPOSITORY / "tenants")
    groups = [plan.platform.management.bastion_security_group]
    groups += [segment.security_group for tenant in plan.tenants for segment in tenant.segments]
    groups += [group for tenant in plan.tenants for group in tenant.publications]
    reasons = {rule.reason for group in groups for rule in group.rules}
    assert len(reasons) > 5
    assert [reason for reason in reasons if not CHINESE.search(spoken(reason))] == []
