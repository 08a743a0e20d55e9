"""The first route: a `pulumi` that is already installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.console import err
from scripts.toolchain import pins
from scripts.toolchain.versions import said_version

if TYPE_CHECKING:
    from pathlib import Path

HOST = "pulumi-language-python"


def fits(pulumi: Path) -> bool:
    """Whether it can run our programs: same major version as the SDK, not older, language host beside it.

    An older engine does not know what a newer SDK asks of it; a newer one serves every older SDK of its major
    version.
    """
    version, pinned = _version(pulumi), _numbers(pins.PULUMI)
    if not (pulumi.parent / HOST).exists():
        err.print(f"toolchain: {pulumi} has no {HOST} beside it; not used")
    elif version is None or version < pinned or version[0] != pinned[0]:
        err.print(f"toolchain: {pulumi} is not {pins.PULUMI} or a newer {pinned[0]}.x; not used")
    else:
        return True
    return False


def _version(pulumi: Path) -> tuple[int, ...] | None:
    """What it says of itself; None where it says nothing usable."""
    try:
        return _numbers(said_version(pulumi, "version"))
    except ValueError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.partition("-")[0].split("."))
