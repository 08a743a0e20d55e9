"""The module that compares a service with its files, so that a killed run loses nothing."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

import pytest

from tests.unit.configure.host_modules import load

RUNNING = {
    "LoadState": "loaded",
    "UnitFileState": "enabled",
    "ActiveState": "active",
    "NeedDaemonReload": "no",
    "StateChangeTimestamp": "Sat 2026-11-21 22:23:25.483812 UTC",
}


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    loaded = load("unit")
    monkeypatch.setattr(loaded, "DROP_INS", str(tmp_path))
    return loaded


def params(**changes: object) -> dict[str, object]:
    return {"name": "x.service", "files": [], "apply": "reload", "force": False, **changes}


@pytest.fixture
def since(module: ModuleType) -> float:
    moment: float = module.changed_at(RUNNING)
    return moment


def dated(path: Path, moment: float) -> str:
    path.touch()
    os.utime(path, (moment, moment))
    return str(path)


def test_a_running_unit_with_older_files_needs_nothing(
    module: ModuleType, tmp_path: Path, since: float
) -> None:
    assert module.needed(RUNNING, params(files=[dated(tmp_path / "a.conf", since - 0.001)])) == []


def test_a_newer_file_is_applied(module: ModuleType, tmp_path: Path, since: float) -> None:
    assert module.needed(RUNNING, params(files=[dated(tmp_path / "a.conf", since + 0.001)])) == ["reload"]


def test_a_newer_file_in_a_folder_is_applied(module: ModuleType, tmp_path: Path, since: float) -> None:
    folder = tmp_path / "conf.d"
    folder.mkdir()
    dated(folder / "a.conf", since + 0.001)
    os.utime(folder, (since - 1, since - 1))
    assert module.needed(RUNNING, params(files=[str(folder)])) == ["reload"]


def test_a_new_drop_in_means_restart(module: ModuleType, tmp_path: Path, since: float) -> None:
    dated(tmp_path / "x.service.d", since + 0.001)
    assert module.needed(RUNNING, params()) == ["daemon-reload", "restart"]


def test_force_applies(module: ModuleType) -> None:
    assert module.needed(RUNNING, params(force=True)) == ["reload"]


@pytest.mark.parametrize(
    ("changes", "verbs"),
    [
        ({"ActiveState": "inactive"}, ["start"]),
        ({"ActiveState": "failed"}, ["start"]),
        ({"UnitFileState": "disabled"}, ["enable"]),
        ({"NeedDaemonReload": "yes"}, ["daemon-reload", "restart"]),
        (
            {"LoadState": "masked", "UnitFileState": "masked", "ActiveState": "inactive"},
            ["unmask", "enable", "start"],
        ),
    ],
)
def test_what_is_missing_is_done(module: ModuleType, changes: dict[str, str], verbs: list[str]) -> None:
    assert module.needed(RUNNING | changes, params()) == verbs


class Systemctl:
    """What the module uses of Ansible, with a systemctl that fails as often as told."""

    def __init__(self, failures: int, file: str) -> None:
        self.params = params(files=[file])
        self.asked: list[list[str]] = []
        self.failures = failures

    def run_command(self, command: list[str], **_: object) -> tuple[int, str, str]:
        self.asked.append(command)
        failed = command[0] == "systemctl" and len(self.asked) <= self.failures
        return int(failed), "", "Job failed." if failed else ""

    def fail_json(self, msg: str) -> None:
        raise RuntimeError(msg)


def test_a_verb_that_fails_once_is_tried_again(
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE", 0)
    systemctl = Systemctl(1, dated(tmp_path / "a.conf", 1))
    module.act(systemctl, "reload")
    assert systemctl.asked == [["systemctl", "reload", "x.service"]] * 2


def test_files_that_could_not_be_applied_stay_newer_than_the_unit(
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, since: float
) -> None:
    monkeypatch.setattr(module, "PAUSE", 0)
    file = dated(tmp_path / "a.conf", since - 1)
    with pytest.raises(RuntimeError, match=r"systemctl reload: Job failed\."):
        module.act(Systemctl(2, file), "reload")
    assert Path(file).stat().st_mtime > since
