"""Make the toolchain ready: three routes, one cache folder a content."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from scripts.console import err
from scripts.toolchain import modules, pins, plugin, release, system

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.settings import Settings

Source = Literal["path", "release", "modules"]

HERE = Path(__file__).parent
HOST = HERE / "language_host.py"


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
        """What to add to the environment of every `pulumi` process."""
        return {
            "PATH": f"{self.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PULUMI_HOME": str(self.home),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }


def ensure_toolchain(settings: Settings) -> Toolchain:
    """The toolchain, made on first use; a second call costs milliseconds and starts no process.

    Routes, in this order: a fitting `pulumi` on PATH; the official release, checked by SHA-256; a build from Go
    modules, checked by go.sum. Safe for concurrent callers; an interrupted call leaves nothing that the next
    one would take for complete.

    Raises:
        MachineError: no route is open on this machine; the message says why and what to do.
    """
    root = settings.cache / "toolchain"
    found = system.find(exclude=root)
    folder = root / _identity(found)
    if not (folder / "toolchain.json").exists():
        root.mkdir(parents=True, exist_ok=True)
        with _locked(root):
            if not (folder / "toolchain.json").exists():
                _make(root, folder, found)
    return _read(folder)


def _identity(found: Path | None) -> str:
    """A name for everything that decides what the folder holds."""
    digest = hashlib.sha256(modules.identity().encode())
    digest.update(HOST.read_bytes() + plugin.LAUNCHER.encode() + sys.prefix.encode())
    if found:
        about = found.stat()
        digest.update(f"{found}:{about.st_size}:{about.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]


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


def _make(root: Path, folder: Path, found: Path | None) -> None:
    """Take the first open route, in a folder that gets its name when it is complete."""
    for left in root.glob("new-*"):
        shutil.rmtree(left)
    new = Path(tempfile.mkdtemp(dir=root, prefix="new-"))
    try:
        bin_folder, source = _take_route(root, new / "bin", found)
        provider = plugin.installed() if source != "modules" else None
        plugin.register(bin_folder / "pulumi", new / "home", provider or modules.build(root) / plugin.NAME)
        chosen = bin_folder if source == "path" else folder / "bin"
        manifest = Toolchain(chosen, chosen / "pulumi", folder / "home", source)
        (new / "toolchain.json").write_text(json.dumps(asdict(manifest), default=str, indent=2))
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    err.print(f"toolchain: {_SOURCES[source]}, in {folder}")


_SOURCES: dict[Source, str] = {
    "path": f"pulumi found on PATH, provider {pins.PROVIDER}",
    "release": f"official release {pins.PULUMI}, provider {pins.PROVIDER}",
    "modules": f"pulumi {pins.PULUMI} and provider {pins.PROVIDER} built from Go modules",
}


def _take_route(root: Path, new: Path, found: Path | None) -> tuple[Path, Source]:
    """A folder with a complete command line, and where it came from."""
    if found and system.fits(found):
        return found.parent, "path"
    new.mkdir()
    if release.download(new):
        return new, "release"
    built = modules.build(root)
    os.link(built / "pulumi", new / "pulumi")
    shutil.copy(built / modules.EXECUTOR, new)
    host = new / "pulumi-language-python"
    host.write_text(f"#!{sys.executable}\n{HOST.read_text()}")
    host.chmod(0o755)
    return new, "modules"


def _read(folder: Path) -> Toolchain:
    """The toolchain that a folder holds."""
    data = json.loads((folder / "toolchain.json").read_text())
    return Toolchain(Path(data["bin"]), Path(data["pulumi"]), Path(data["home"]), data["source"])
