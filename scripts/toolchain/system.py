"""The first route: a `pulumi` that is already installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from scripts.console import err
from scripts.toolchain import pins

HOST = "pulumi-language-python"


def find(exclude: Path) -> Path | None:
    """The `pulumi` on PATH, symbolic links resolved, unless it is one that we made under `exclude`."""
    name = shutil.which("pulumi")
    found = Path(name).resolve() if name else None
    return None if found is None or found.is_relative_to(exclude.resolve()) else found


def fits(pulumi: Path) -> bool:
    """Whether it can run our programs: major version 3, not older than the SDK, its own language host beside it.

    An older engine does not know what a newer SDK asks of it; a newer one serves older SDKs of its major version.
    """
    version = _version(pulumi)
    complete = (pulumi.parent / HOST).exists()
    if complete and version and version >= _numbers(pins.PULUMI) and version[0] == _numbers(pins.PULUMI)[0]:
        return True
    why = "has no language host beside it" if version and complete is False else f"is not {pins.PULUMI} or newer"
    err.print(f"toolchain: {pulumi} {why}; not used")
    return False


def _version(pulumi: Path) -> tuple[int, ...] | None:
    """What it says of itself; None where it says nothing usable."""
    try:
        answer = subprocess.run([pulumi, "version"], capture_output=True, text=True, check=True, timeout=30)
        return _numbers(answer.stdout.strip().removeprefix("v"))
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.partition("-")[0].split("."))
