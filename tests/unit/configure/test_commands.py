"""What an interactive shell records at the log level `full`, seen in a real bash."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.configure.playbook import PLAYBOOKS
from scripts.evidence.host.questions import MARK

BLOCK = PLAYBOOKS / "roles" / "logging" / "files" / "commands.sh"


def recorded(folder: Path, *typed: str, own: str = "") -> list[str]:
    """What is recorded when a person with settings of their own types these lines."""
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed here")
    log, settings = folder / "log", folder / "bashrc"
    logger = folder / "logger"
    logger.write_text(f'#!/bin/sh\nfor last; do :; done; echo "$last" >> {log}\n')
    logger.chmod(0o755)
    settings.write_text(f"{BLOCK.read_text()}{own}\n")
    environment = {"PATH": f"{folder}:/usr/bin:/bin", "USER": "debian", "HISTFILE": "", "HOME": str(folder)}
    subprocess.run(
        ["bash", "--rcfile", settings, "-i"],
        input="".join(f"{line}\n" for line in typed),
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    head = f"debian as debian in {folder}: "
    return [line.removeprefix(head) for line in log.read_text().splitlines()] if log.exists() else []


def test_every_command_is_recorded_as_it_was_typed(tmp_path: Path) -> None:
    typed = ["ls -d /", "ls -d /", "", "echo 12  34; false", "for x in 1; do", " echo $x", "done", MARK]
    assert recorded(tmp_path, *typed) == [
        "ls -d /",
        "ls -d /",
        "echo 12  34; false",
        "for x in 1; do  echo $x; done",
        MARK,
    ]


def test_a_person_cannot_keep_commands_out_by_settings(tmp_path: Path) -> None:
    typed = [" hidden", "HISTIGNORE=*", "unset PROMPT_COMMAND", "PS0=", "set +o history", "true", "exec true"]
    found = recorded(tmp_path, *typed, own="HISTCONTROL=ignoreboth")
    assert found[:4] == typed[:4]
    assert "set +o history" in found


def test_the_last_word_is_recorded_too(tmp_path: Path) -> None:
    assert recorded(tmp_path, "exec true") == ["exec true"]
    (tmp_path / "log").unlink()
    assert recorded(tmp_path, "exit") == ["exit"]


def test_programs_are_not_disturbed(tmp_path: Path) -> None:
    script = f". {BLOCK}; echo said"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("said\n", "")
