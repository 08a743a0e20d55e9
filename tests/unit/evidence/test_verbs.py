"""`govcloud verify`, `govcloud runs` and `govcloud audit --since`, and the commands on the auditors' page."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner
from typer.testing import Result as Invoked

from scripts.evidence import dossier, runs, seal
from scripts.evidence.recorder import Recorder
from scripts.main import build_app
from scripts.verbs import audit as audit_verb
from stacks.errors import RequestError, VerificationError
from stacks.settings import REPOSITORY
from tests.unit.evidence.audited import FAILING, TENANT, estate_of, later, recorder_of, settings_of


@pytest.fixture(autouse=True)
def environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVCLOUD_HOME", str(home))


def invoke(*arguments: str) -> Invoked:
    return CliRunner().invoke(build_app(arguments[0]), list(arguments), terminal_width=200)


def test_verify_says_whose_signature_it_is(home: Path, run: Path) -> None:
    key = seal.fingerprint(home / "keys" / "evidence.pub")
    for arguments in ([], [str(run)], [str(home / "evidence" / "latest"), "--fingerprint", key]):
        done = invoke("verify", *arguments)
        assert done.exit_code == 0
        assert key in done.stdout


def test_verify_names_what_was_changed(run: Path) -> None:
    (run / "index.html").write_text("all is well")
    done = invoke("verify", str(run))
    assert isinstance(done.exception, VerificationError)
    assert "index.html was changed" in done.stdout
    told = json.loads(invoke("verify", str(run), "--json").stdout)
    assert told["problems"] == ["index.html was changed"]


def test_verify_never_takes_the_key_from_the_folder(home: Path, run: Path) -> None:
    (home / "keys" / "evidence.pub").unlink()
    assert isinstance(invoke("verify", str(run)).exception, RequestError)
    other = invoke("verify", str(run), "--fingerprint", "SHA256:" + "A" * 43)
    assert isinstance(other.exception, VerificationError)
    assert "not by the expected" in other.stdout


def test_runs_lists_them(home: Path) -> None:
    shown = invoke("runs").stdout
    known = runs.runs(settings_of(home))
    assert [run.id in shown for run in known] == [True, True]
    assert [item["id"] for item in json.loads(invoke("runs", "--json").stdout)] == [run.id for run in known]


def test_runs_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVCLOUD_HOME", str(tmp_path))
    assert "govcloud audit --all" in invoke("runs").stdout


def audited(monkeypatch: pytest.MonkeyPatch, home: Path, failing: frozenset[str], *arguments: str) -> Invoked:
    """Run the verb on the recorded deployment."""

    def run(*_: object) -> Recorder:
        recorder = recorder_of(failing=failing, started=later(5))
        recorder.written = dossier.write(estate_of(home), recorder)
        return recorder

    monkeypatch.setattr(audit_verb, "open_audit", lambda _: None)
    monkeypatch.setattr(audit_verb, "run", run)
    return invoke("audit", TENANT, "platform", *arguments)


@pytest.mark.parametrize(
    ("failing", "words", "passes"),
    [
        (FAILING, "nothing changed", True),
        (frozenset[str](), "mended", True),
        (FAILING | {"packages/package_lists_fresh"}, "newly failed", False),
    ],
)
def test_since_fails_on_what_failed_anew_alone(
    monkeypatch: pytest.MonkeyPatch, home: Path, failing: frozenset[str], words: str, passes: bool
) -> None:
    done = audited(monkeypatch, home, failing, "--since", "latest")
    assert words in done.stdout
    assert (done.exit_code == 0) is passes
    assert passes or isinstance(done.exception, VerificationError)


def test_without_since_every_failure_counts(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    assert isinstance(audited(monkeypatch, home, FAILING).exception, VerificationError)


def test_the_error_itself_names_what_failed(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    told = str(audited(monkeypatch, home, frozenset({"accounts/one_superuser"})).exception)
    assert "Only root" in told
    many = FAILING | {"accounts/one_superuser", "packages/package_lists_fresh"}
    assert "and 1 more finding" in str(audited(monkeypatch, home, many).exception)


def test_changes_are_told_as_data_too(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    first = runs.runs(settings_of(home))[0].id
    told = json.loads(audited(monkeypatch, home, FAILING, "--since", first, "--json").stdout)
    assert {item["kind"] for item in told["changes"]} == {"newly failed"}
    assert {item["check"] for item in told["changes"]} == {"no_pending_upgrades", "no_undeclared_way_in"}


@pytest.mark.parametrize("arguments", [("--since", "nonsense"), ("--since", "latest", "--host", "bastion")])
def test_what_cannot_be_compared_is_refused(
    monkeypatch: pytest.MonkeyPatch, home: Path, arguments: tuple[str, ...]
) -> None:
    assert isinstance(audited(monkeypatch, home, FAILING, *arguments).exception, RequestError)


DOCS = (REPOSITORY / "docs" / "auditor.md").read_text(encoding="utf-8")
OFFLINE = re.search(r"<!-- offline -->\n```sh\n(.*?)```", DOCS, re.DOTALL)
VERBS = re.findall(r"^govcloud (?:verify|runs).*$", DOCS, re.MULTILINE)


def test_the_plain_commands_of_the_page_work(run: Path) -> None:
    assert OFFLINE
    good = subprocess.run(["bash", "-ec", OFFLINE[1]], cwd=run, capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stderr
    (run / "more").touch()
    added = subprocess.run(["bash", "-ec", OFFLINE[1]], cwd=run, capture_output=True, check=False)
    assert added.returncode != 0


@pytest.mark.parametrize("line", VERBS)
def test_the_verbs_of_the_page_work(home: Path, line: str) -> None:
    key = seal.fingerprint(home / "keys" / "evidence.pub")
    command = line.partition("  ")[0].replace("SHA256:…", key)
    words = shlex.split(command.replace("DIR", str(home / "evidence" / "latest")))
    program = str(Path(sys.executable).with_name(words[0]))
    done = subprocess.run(
        [program, *words[1:]], env=os.environ, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_the_page_shows_both_ways_to_verify() -> None:
    assert OFFLINE
    assert len(VERBS) >= 3


def test_the_timer_audits_what_the_page_says() -> None:
    unit = (REPOSITORY / "docs/systemd/govcloud-audit.service").read_text(encoding="utf-8")
    commands = re.findall(r"^ExecStart=\S+/govcloud (\S+)", unit, re.MULTILINE)
    assert commands == ["audit"]
    assert "OnCalendar=" in (REPOSITORY / "docs/systemd/govcloud-audit.timer").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["runs", "--lang", "zh"], ["审计批次", "未通过", "index.zh.html"]),
        (["verify", "--lang", "zh"], ["与加封时一致", "签名公钥指纹"]),
    ],
)
def test_auditors_are_told_in_their_language(arguments: list[str], words: list[str]) -> None:
    shown = invoke(*arguments).stdout
    assert [word for word in words if word not in shown] == []


def test_an_audit_is_told_in_chinese(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    done = audited(
        monkeypatch, home, FAILING | {"accounts/one_superuser"}, "--lang", "zh", "--since", "latest"
    )
    wanted = (
        "主机",
        "云平台",
        "UID 为 0 的账户只有 root。",
        "实为",
        "请执行 apt-get upgrade",
        "新增不符合",
        "index.zh.html",
    )
    assert [word for word in wanted if word not in done.stdout] == []
    assert "新增" in str(done.exception)
    assert not re.search(r"[A-Za-z][a-z]+(?: [a-z]+){2,}", done.stdout + str(done.exception))
