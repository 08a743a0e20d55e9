"""The Debian archive as this machine's apt is configured for it: nothing here names a server."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from stacks.errors import MachineError

if TYPE_CHECKING:
    from pathlib import Path

_FORMAT = "$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)"


def read_list(path: Path) -> tuple[str, ...]:
    """The names in a package list: one a line, `#` starts a comment."""
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return tuple(line for line in lines if line)


def codename() -> str:
    """Debian's name of the release that this machine runs, such as `bookworm`."""
    return subprocess.run(
        ["sh", "-c", '. /etc/os-release && echo "$VERSION_CODENAME"'],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def sources() -> tuple[str, ...]:
    """This machine's Debian sources as one-line entries: release, updates and security.

    Raises:
        MachineError: apt knows no Debian source (its lists may never have been fetched).
    """
    done = subprocess.run(
        ["apt-get", "indextargets", "--format", _FORMAT, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = [line.split("|") for line in done.stdout.splitlines()]
    found = dict.fromkeys(
        f"deb {uri} {suite} {component}"
        for origin, uri, suite, component in rows
        if origin == "Debian" and suite.startswith(codename())
    )
    if not found:
        raise MachineError("apt on this machine has no Debian package lists.", "run `apt-get update`.")
    return tuple(found)
