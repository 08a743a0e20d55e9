"""The second route: Pulumi's own release archive, where its host answers."""

from __future__ import annotations

import hashlib
import io
import platform
import tarfile
from typing import TYPE_CHECKING

import httpx
from rich.progress import Progress

from scripts.console import err
from scripts.toolchain import pins
from stacks.errors import MachineError

if TYPE_CHECKING:
    from pathlib import Path

MACHINES = {"x86_64": "x64", "aarch64": "arm64"}
FILES = ("pulumi", "pulumi-language-python", "pulumi-language-python-exec")
TIMEOUT = httpx.Timeout(30, connect=3)


def download(into: Path) -> bool:
    """Put the release's command line and Python language host into a folder.

    Returns:
        False where there is no checksum for this machine or the host does not answer.

    Raises:
        MachineError: what came is not the release that the pin names.
    """
    machine = MACHINES.get(platform.machine(), "")
    expected = pins.RELEASE_SHA256.get(machine)
    if expected is None:
        return False
    url = pins.RELEASE_URL.format(version=pins.PULUMI, machine=machine)
    try:
        archive = _fetch(url)
    except httpx.HTTPError as error:
        err.print(f"toolchain: no official release from here ({error})")
        return False
    unpack(archive, expected, url, into)
    return True


def unpack(archive: bytes, expected: str, url: str, into: Path) -> None:
    """Check an archive and take the files that we use from it.

    Raises:
        MachineError: another SHA-256 than expected, or a file is not one.
    """
    actual = hashlib.sha256(archive).hexdigest()
    if actual != expected:
        raise MachineError(
            f"{url} has SHA-256 {actual}; the pin in scripts/toolchain/pins.py is {expected}.",
            "do not use that file; find out who changed it, and tell Pulumi if it was not your own mirror",
        )
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for name in FILES:
            content = tar.extractfile(f"pulumi/{name}")
            if content is None:
                raise MachineError(f"{name} in {url} is not a file.", "the pin is wrong; please report it")
            (into / name).write_bytes(content.read())
            (into / name).chmod(0o755)


def _fetch(url: str) -> bytes:
    """The body of a URL, with progress."""
    with (
        httpx.stream("GET", url, timeout=TIMEOUT, follow_redirects=True) as answer,
        Progress(console=err, transient=True) as progress,
    ):
        answer.raise_for_status()
        task = progress.add_task("pulumi release", total=int(answer.headers.get("content-length", 0)) or None)
        parts = []
        for part in answer.iter_bytes(1 << 20):
            parts.append(part)
            progress.advance(task, len(part))
    return b"".join(parts)
