"""The Debian archive as this machine's apt is configured for it: nothing here names a server."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from scripts.lab.command import run
from stacks.errors import MachineError

if TYPE_CHECKING:
    from collections.abc import Iterable
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


def sources(release: str | None = None) -> tuple[str, ...]:
    """This machine's Debian sources as one-line entries: release, updates and security.

    Args:
        release: another release at the same servers, by its codename; this machine's own without it.

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
    own = codename()
    found = dict.fromkeys(
        f"deb {uri} {suite.replace(own, release or own)} {component}"
        for origin, uri, suite, component in rows
        if origin == "Debian" and suite.startswith(own)
    )
    if not found:
        raise MachineError("apt on this machine has no Debian package lists.", "run `apt-get update`.")
    return tuple(found)


def lists(work: Path, entries: Iterable[str], log: Path) -> list[str]:
    """Fetch package lists as for a machine that has nothing installed; returns the apt-get that uses them.

    Args:
        work: an empty folder; what is downloaded ends in `cache/archives` below it.
        entries: one-line entries, as of `sources`.

    Raises:
        LabError: a source does not answer; quotes the log.
    """
    for name in ("state/lists/partial", "cache/archives/partial"):
        (work / name).mkdir(parents=True)
    (work / "status").touch()
    (work / "sources.list").write_text("".join(f"{line}\n" for line in entries))
    options = {
        "Dir::State": work / "state",
        "Dir::State::status": work / "status",
        "Dir::Cache": work / "cache",
        "Dir::Etc::SourceList": work / "sources.list",
        "Dir::Etc::SourceParts": "-",
        "APT::Install-Recommends": "false",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
    }
    apt = ["apt-get", "-q", "-y", *(f"-o{key}={value}" for key, value in options.items())]
    run("the update of the package lists", [*apt, "update"], log)
    return apt
