"""Make a toolchain: take the first of three routes that is open on this machine."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.console import err
from scripts.toolchain import modules, pins, plugin, release, system

if TYPE_CHECKING:
    from scripts.toolchain.ensure import Source

HOST = Path(__file__).parent / "language_host.py"


def make(root: Path, folder: Path, found: Path | None) -> None:
    """Fill a folder that gets its name when it is complete; the caller holds the lock.

    Args:
        root: where the routes keep what they share.
        folder: becomes `bin` (but for the first route), `home` and `source`, the name of the route.
        found: the `pulumi` on PATH.

    Raises:
        MachineError: no route is open.
    """
    for left in root.glob("new-*"):
        shutil.rmtree(left)
    new = Path(tempfile.mkdtemp(dir=root, prefix="new-"))
    try:
        programs, source = _take_route(root, new / "bin", found)
        if source == "modules":
            provider = modules.build(root) / plugin.NAME
        else:
            provider = plugin.installed() or modules.build_provider(root) / plugin.NAME
        plugin.register(programs / "pulumi", new / "home", provider)
        (new / "source").write_text(source)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    err.print(f"toolchain: {_SAID[source]}; OpenStack provider {pins.PROVIDER}", highlight=False)


_SAID: dict[Source, str] = {
    "path": "pulumi found on PATH",
    "release": f"official release {pins.PULUMI}",
    "modules": f"pulumi {pins.PULUMI} built from Go modules",
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
