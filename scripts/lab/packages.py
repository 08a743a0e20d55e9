"""The Debian packages that the lab's services come from."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.lab.command import run
from scripts.lab.debian import read_list
from scripts.lab.paths import HERE
from scripts.lab.progress import step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.lab.paths import Lab

LIST = HERE / "packages.txt"
OWN_KERNEL_LIST = HERE / "packages-own-kernel.txt"
# Debian's own switch: package scripts ask it before they start a service; 101 forbids it.
_POLICY = Path("/usr/sbin/policy-rc.d")
_FORBID = "#!/bin/sh\n# Written by `govcloud lab up` for the length of one installation.\nexit 101\n"


def lists(*, own_kernel: bool) -> tuple[Path, ...]:
    """The lists of a lab; hosts with a kernel of their own need more."""
    return (LIST, OWN_KERNEL_LIST) if own_kernel else (LIST,)


def missing(files: tuple[Path, ...] = (LIST,)) -> tuple[str, ...]:
    """Names on the lists that are not installed."""
    wanted = tuple(name for file in files for name in read_list(file))
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *wanted]
    answer = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    installed = {line.split()[0] for line in answer.splitlines() if line.endswith(" installed")}
    return tuple(name for name in wanted if name not in installed)


def command(names: tuple[str, ...]) -> list[str]:
    """What installs them; also what a person would type."""
    return ["apt-get", "install", "-y", "--no-install-recommends", *names]


@contextmanager
def no_autostart(policy: Path = _POLICY) -> Iterator[None]:
    """No package starts its service; the machine's own policy comes back, also after a kill in between."""
    kept = policy.with_name(f"{policy.name}.govcloud-lab")
    if kept.exists():
        kept.rename(policy)
    if policy.exists() and policy.read_text() != _FORBID:
        policy.rename(kept)
    policy.write_text(_FORBID)
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()
        if kept.exists():
            kept.rename(policy)


def install(lab: Lab, *, own_kernel: bool = False) -> None:
    """Install what is missing, without starting any service.

    Raises:
        LabError: apt failed; quotes its log.
    """
    names = missing(lists(own_kernel=own_kernel))
    if not names:
        return
    log = lab.cache / "packages.log"
    hint = f"run `apt-get update && {' '.join(command(names))}` and see what apt says."
    with step(f"{len(names)} Debian packages"), no_autostart():
        update = (
            "apt-get -q update || true"  # a source that this installation does not need may be out of reach
        )
        run("apt-get update", ["sh", "-c", update], log, hint=hint)
        run("apt-get install", command(names), log, env={"DEBIAN_FRONTEND": "noninteractive"}, hint=hint)
