"""A module reaches hosts with what it shares with others, by the strategy that `govcloud deploy` uses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.configure.playbook import PLAYBOOKS
from scripts.configure.run import _environment  # the very environment is what is tested

TASKS = {
    "mounts": {"mounts": [{"path": "/nowhere/at/all", "options": ["nodev"]}]},
    "volumes": {"volumes": []},
}


@pytest.mark.parametrize("module", TASKS)
def test_a_module_arrives_with_what_it_shares(tmp_path: Path, module: str) -> None:
    """In check mode on this machine: tables are read, nothing is written."""
    name = f"govcloud.host.{module}"
    play = [
        {"hosts": "localhost", "gather_facts": False, "tasks": [{"name": "Ask", name: TASKS[module]}]},
    ]
    (tmp_path / "play.yml").write_text(json.dumps(play), encoding="utf-8")
    command = [sys.executable, "-m", "ansible", "playbook", "--check", "-v", "-i", "localhost,"]
    done = subprocess.run(
        [*command, "-c", "local", str(tmp_path / "play.yml")],
        env={**_environment(), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)},
        cwd=PLAYBOOKS,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert ("mount /nowhere/at/all" in done.stdout) is (module == "mounts"), done.stdout
