"""The toolchain as the other verbs use it: found in the cache, or made on first use."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from scripts.console import err

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stacks.settings import Settings

Source = Literal["path", "release", "modules"]

HERE = Path(__file__).parent
DECIDING = ("language_host.py", "modules.py", "pins.py", "plugin.py")


@dataclass(frozen=True)
class Toolchain:
    """A usable Pulumi.

    Attributes:
        bin: folder with `pulumi` and its language host; goes first on PATH.
        pulumi: the command line.
        home: `PULUMI_HOME`: the OpenStack provider is registered there, nothing else.
        source: where the command line came from: found on PATH, the official release, Go modules.
    """

    bin: Path
    pulumi: Path
    home: Path
    source: Source

    @property
    def environment(self) -> dict[str, str]:
        """What to add to the environment of every `pulumi` process; PATH goes before the caller's."""
        return {
            "PATH": f"{self.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PULUMI_HOME": str(self.home),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }


def ensure_toolchain(settings: Settings) -> Toolchain:
    """The toolchain, made on first use; a second call costs milliseconds and starts no process.

    Routes, in this order: a fitting `pulumi` on PATH; the official release, checked by SHA-256; a build from
    Go modules, checked by go.sum. Safe for concurrent callers; an interrupted call leaves nothing that the
    next one would take for complete.

    Raises:
        MachineError: no route is open on this machine; the message says why and what to do.
    """
    root = settings.cache / "toolchain"
    found, folder = _wanted(root)
    if not folder.exists():
        root.mkdir(parents=True, exist_ok=True)
        with _locked(root):
            if not folder.exists():
                # What only a first use needs takes 0.3 s to import.
                import_module("scripts.toolchain.make").make(root, folder, found)
    source = cast("Source", (folder / "source").read_text())
    programs = found.parent if found and source == "path" else folder / "bin"
    return Toolchain(programs, programs / "pulumi", folder / "home", source)


def made(settings: Settings) -> Path | None:
    """The folder of the toolchain that these sources and pins ask for; `None` while it is not made."""
    _, folder = _wanted(settings.cache / "toolchain")
    return folder if folder.exists() else None


def _wanted(root: Path) -> tuple[Path | None, Path]:
    """The `pulumi` on PATH, and the folder below `root` that belongs to it."""
    found = _on_path(exclude=root)
    return found, root / identity(found)


def identity(found: Path | None = None) -> str:
    """A name for everything that decides what is made: sources, pins, interpreter, `pulumi` found on PATH."""
    digest = hashlib.sha256(f"{sys.prefix} {os.uname().machine}".encode())
    for file in (*sorted((HERE / "gomod").iterdir()), *(HERE / name for name in DECIDING)):
        digest.update(file.name.encode() + file.read_bytes())
    if found:
        about = found.stat()
        digest.update(f"{found}:{about.st_size}:{about.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]


def _on_path(exclude: Path) -> Path | None:
    """The `pulumi` on PATH, symbolic links resolved, unless it is one that we made under `exclude`."""
    name = shutil.which("pulumi")
    found = Path(name).resolve() if name else None
    return None if found is None or found.is_relative_to(exclude.resolve()) else found


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Hold the cache alone; the kernel lets go of it however the process ends."""
    with (root / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            err.print("toolchain: another govcloud is making it; waiting")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
