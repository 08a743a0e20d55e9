"""Every command and every request on the departments' page works as it stands there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stacks.settings import REPOSITORY

PAGE = (REPOSITORY / "docs" / "department.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = [
    line.removeprefix("$ ")
    for language, block in BLOCKS
    if language != "yaml"
    for line in block.splitlines()
    if re.match(r"(\$ )?govcloud\b", line)
]
"""All of them: departments read, and their verbs need no cloud."""
REQUESTS = {
    found[1]: block
    for language, block in BLOCKS
    if language == "yaml" and (found := re.match(r"# tenants/(\S+\.yaml)\n", block))
}


@pytest.fixture(scope="module")
def tenants(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "tenants"
    shutil.copytree(REPOSITORY / "tenants", folder)
    for name, content in REQUESTS.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_command(command: str, tenants: Path) -> None:
    program, *arguments = shlex.split(command)
    finished = subprocess.run(
        [str(Path(sys.executable).with_name(program)), *arguments],
        env={**os.environ, "GOVCLOUD_TENANTS": str(tenants), "GOVCLOUD_HOME": str(tenants.parent / "home")},
        cwd=tenants.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.strip()


def test_the_page_shows_how_to_check_and_plan_a_request() -> None:
    assert {command.split()[1] for command in COMMANDS} >= {"check", "new", "plan"}
    assert REQUESTS


def test_the_lines_of_the_flow_stand_in_the_examples() -> None:
    lines = re.findall(r"^(tenants/\S+\.yaml) +(\{from: .*\})$", PAGE, re.MULTILINE)
    assert len(lines) == 2
    for name, line in lines:
        assert line in (REPOSITORY / name).read_text(encoding="utf-8")
