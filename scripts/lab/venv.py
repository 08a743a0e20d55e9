"""The lab's OpenStack environment, beside the project's own and made from its own lock file."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from scripts.lab.command import run
from scripts.lab.paths import HERE, Lab
from scripts.lab.progress import step
from stacks.errors import MachineError

LOCK = HERE / "requirements.lock"
# Debian's, for its libvirt and its headers; not the one that runs this command.
PYTHON = Path("/usr/bin/python3")


def folder(lab: Lab) -> Path:
    """Where the environment of the current lock file is or will be."""
    return lab.cache / f"venv-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]}"


def is_built(lab: Lab) -> bool:
    """Whether the environment of the current lock file is complete."""
    return (folder(lab) / "complete").exists()


def find_uv() -> Path | None:
    """The uv program: beside this Python, or on PATH."""
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    return Path(found) if found else None


def build(lab: Lab) -> Path:
    """Install OpenStack unless it is there.

    Raises:
        LabError: an installation failed; quotes the log.
        MachineError: uv is missing.
    """
    target = folder(lab)
    if not is_built(lab):
        program, log = find_uv(), lab.cache / "venv.log"
        if not program:
            raise MachineError(
                "uv, which installs OpenStack for the lab, was not found.", "run `make setup`."
            )
        with step("OpenStack from the lock file (about 350 MB)"):
            run("uv venv", [program, "venv", "--clear", "--python", PYTHON, target], log)
            pip: list[str | Path] = [
                program,
                "pip",
                "install",
                "--python",
                target / "bin/python",
                "--require-hashes",
            ]
            run("the installation of OpenStack", [*pip, "-r", LOCK], log)
        (target / "complete").touch()
    return target
