"""What goes wrong before or below a verb is one paragraph with an exit code, never a traceback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stacks.errors import MachineError
from stacks.request.ledger import FILE_NAME
from stacks.settings import REPOSITORY, Settings

GOVCLOUD = Path(sys.executable).with_name("govcloud")


def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [GOVCLOUD, *arguments],
        env={**os.environ, "LC_ALL": "C.UTF-8", **changes},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def complaint(ran: subprocess.CompletedProcess[str]) -> str:
    assert ran.returncode == 3, ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stderr.startswith("error:")
    assert "\n  do:" in ran.stderr
    return " ".join(ran.stderr.split())


@pytest.mark.parametrize("offset", ["-1", "1.5", "50001", "٣"])
def test_a_port_offset_must_be_one(offset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVCLOUD_LAB_PORT_OFFSET", offset)
    with pytest.raises(MachineError, match=f"GOVCLOUD_LAB_PORT_OFFSET is '{re.escape(offset)}'"):
        Settings.from_environment()


def test_a_setting_that_is_none() -> None:
    said = complaint(run("check", GOVCLOUD_LAB_PORT_OFFSET="abc"))
    assert "GOVCLOUD_LAB_PORT_OFFSET is 'abc'" in said
    assert "from 0 to 50000" in said


def test_a_folder_that_cannot_be_made() -> None:
    said = complaint(run("toolchain", GOVCLOUD_CACHE="/proc/none"))
    assert "No such file or directory: '/proc/none" in said
    assert "GOVCLOUD_CACHE" in said


def test_a_full_disk(tmp_path: Path) -> None:
    """/dev/full answers as a full disk does (full(4))."""
    tenants = tmp_path / "tenants"
    shutil.copytree(REPOSITORY / "tenants", tenants)
    (tenants / FILE_NAME).unlink(missing_ok=True)
    (tenants / FILE_NAME).with_suffix(".part").symlink_to("/dev/full")
    assert "No space left on device" in complaint(run("allocate", GOVCLOUD_TENANTS=str(tenants)))
