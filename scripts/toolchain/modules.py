"""The third route: build the command line and the provider from Go modules, which go.sum checks."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from scripts.toolchain import golang, pins
from scripts.toolchain.progress import Steps
from stacks.errors import MachineError

MODULE = Path(__file__).parent / "gomod"
CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK = "github.com/pulumi/pulumi/sdk/v3"
EXECUTOR = "pulumi-language-python-exec"
FLAGS = ("-mod=readonly", "-buildvcs=false", "-trimpath")
LINKER = f"-s -w -X main.version={pins.PROVIDER} -X {SDK}/go/common/version.Version=v{pins.PULUMI}"


def identity() -> str:
    """A name for everything that decides what a build makes."""
    digest = hashlib.sha256(f"{LINKER} {FLAGS} {os.uname().machine}".encode())
    for file in sorted(MODULE.iterdir()):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def build(root: Path) -> Path:
    """A folder with `pulumi`, `pulumi-resource-openstack` and what runs Python programs; made on first use.

    One `go build` makes both programs: what they share is compiled once, and both cores stay busy.

    Raises:
        MachineError: no compiler, no modules, a module that is not the one in go.sum, too little disk.
    """
    return _built(root, root / f"build-{identity()}", (".", CLI))


def build_provider(root: Path) -> Path:
    """A folder with `pulumi-resource-openstack`, for a command line from elsewhere; made on first use.

    Raises:
        MachineError: as `build`.
    """
    whole = root / f"build-{identity()}"
    return whole if whole.exists() else _built(root, root / f"provider-{identity()}", (".",))


def _built(root: Path, folder: Path, programs: tuple[str, ...]) -> Path:
    if folder.exists():
        return folder
    go = golang.find(root, re.findall(r"^go (\S+)", (MODULE / "go.mod").read_text(), re.MULTILINE)[0])
    _check_disk([root, *map(Path, _go(go, "env", "GOMODCACHE", "GOCACHE").splitlines())])
    with tempfile.TemporaryDirectory(dir=root, prefix="new-") as name:
        new = Path(name, "build")
        new.mkdir()
        left = _fetch(go, programs)
        _run("compiling", left, [go, "build", "-v", *FLAGS, "-ldflags", LINKER, "-o", f"{new}/", *programs])
        if CLI in programs:
            sdk = _go(go, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", SDK).strip()
            shutil.copyfile(Path(sdk, "python", "cmd", EXECUTOR), new / EXECUTOR)
            (new / EXECUTOR).chmod(0o755)
        new.rename(folder)
    return folder


def _fetch(go: Path, programs: tuple[str, ...]) -> int:
    """Download the modules; returns how many packages are still to be compiled."""
    total = sum("/go.mod " not in line for line in (MODULE / "go.sum").read_text().splitlines())
    stale = "{{if .Stale}}{{.ImportPath}}{{end}}"
    lines = _run("fetching modules", total, [go, "list", *FLAGS, "-deps", "-f", stale, *programs])
    return len([line for line in lines if line])


def _run(what: str, total: int, command: list[str | Path]) -> list[str]:
    """Run Go, a step for each line that it writes to standard error; returns its standard output.

    Raises:
        MachineError: it failed; the message has its last words.
    """
    words = []
    with (
        tempfile.TemporaryFile("w+") as output,
        Steps(what, total) as steps,
        subprocess.Popen(
            command, cwd=MODULE, env=_environment(), stdout=output, stderr=subprocess.PIPE, text=True
        ) as child,
    ):
        try:
            for line in child.stderr or ():
                words.append(line.strip())
                steps.advance(line.strip())
        except BaseException:
            child.terminate()
            raise
        if child.wait():
            raise _failure(what, [word for word in words if word and not word.startswith("go: downloading")])
        output.seek(0)
        return output.read().splitlines()


def _go(go: Path, *arguments: str) -> str:
    """What a short Go command prints."""
    answer = subprocess.run(
        [go, *arguments], cwd=MODULE, env=_environment(), capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise _failure(arguments[0], answer.stderr.splitlines())
    return answer.stdout


def _environment() -> dict[str, str]:
    """The caller's environment; the proxy, its credentials and the caches stay as this machine has them."""
    return os.environ | {"GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": ""}


def _failure(what: str, words: list[str]) -> MachineError:
    """The error for a failed Go command, with the advice that fits its words."""
    text = " ".join(words[-9:])
    if "checksum mismatch" in text or "SECURITY ERROR" in text:
        hint = (
            "a module is not the one that go.sum pins: stop, and find out who changed it (a mirror, GOPROXY)"
        )
    elif "no space left" in text:
        hint = "free some disk, then run the same command again; it goes on where it stopped"
    elif re.search(r"40[0-9] |410 |dial tcp|lookup |proxy|timeout", text):
        hint = "make a Go module proxy reachable (GOPROXY, HTTPS_PROXY), then run the same command again"
    else:
        hint = "run the same command again; if it stays, report it with these words"
    return MachineError(f"The toolchain cannot be built ({what}): {text}", hint)


def _check_disk(folders: list[Path]) -> None:
    """Raise where a disk that the build writes to is too full."""
    for folder in folders:
        there = next(parent for parent in (folder, *folder.parents) if parent.exists())
        free = shutil.disk_usage(there).free
        if free < pins.BUILD_BYTES:
            raise MachineError(
                f"The disk of {there} has {free >> 20} MB free; building the toolchain needs "
                f"{pins.BUILD_BYTES >> 20} MB.",
                "free some, or set GOMODCACHE, GOCACHE and GOVCLOUD_CACHE to folders on a larger disk",
            )
