"""The package mirror of the lab: a signed apt repository with the closure of a declared list.

Made with apt itself from this machine's own sources; hosts fetch from it inside the box.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.lab import debian
from scripts.lab.command import run
from scripts.lab.config import write_private
from scripts.lab.paths import HERE
from scripts.lab.progress import step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.lab.paths import Lab

PACKAGES = (HERE / "mirror-packages.txt", HERE / "image" / "packages.txt")
_OWNER = "govcloud lab mirror"
# Changed when the layout of the repository changes, so that an old one is not taken for it.
_LAYOUT = "1"


def folder(lab: Lab) -> Path:
    """Where the mirror of the current lists is or will be; `debian/` in it is the repository."""
    names = "\n".join((_LAYOUT, debian.codename(), *_names()))
    digest = hashlib.sha256(names.encode())
    return lab.cache / f"mirror-{digest.hexdigest()[:16]}"


def _names() -> list[str]:
    return sorted({name for path in PACKAGES for name in debian.read_list(path)})


def public_key(lab: Lab) -> Path:
    """The key that hosts trust, in the binary form that apt's `signed-by` takes; made at first use."""
    public, secret = lab.cache / "mirror-key.gpg", lab.cache / "mirror-key.secret"
    if not (public.exists() and secret.exists()):
        with _keyring() as gpg:
            _gpg(gpg, "--passphrase", "", "--quick-generate-key", _OWNER, "ed25519", "sign", "never")
            write_private(secret, _gpg(gpg, "--armor", "--export-secret-keys").decode())
            public.write_bytes(_gpg(gpg, "--export"))
    return public


@contextmanager
def _keyring() -> Iterator[Path]:
    """An empty GnuPG home; its agent ends with the block."""
    with tempfile.TemporaryDirectory(prefix="govcloud-") as home:
        try:
            yield Path(home)
        finally:
            subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False)


def _gpg(home: Path, *words: str, stdin: bytes = b"") -> bytes:
    argv = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--pinentry-mode", "loopback", *words]
    return subprocess.run(argv, input=stdin, capture_output=True, check=True).stdout


def build(lab: Lab) -> Path:
    """Make the mirror unless it is there.

    Raises:
        LabError: a package cannot be fetched or the indices cannot be made; quotes the log.
    """
    target = folder(lab)
    if not target.exists():
        work = lab.cache / "mirror.work"
        shutil.rmtree(work, ignore_errors=True)
        log = lab.cache / "mirror.log"
        log.unlink(missing_ok=True)
        with step("package mirror for the hosts"):
            _fetch(work, log)
            _index(work, log)
            _sign(lab, work)
        (work / "repository").rename(target)
        shutil.rmtree(work)
    return target


def _fetch(work: Path, log: Path) -> None:
    """Download the closure of the lists, as for a machine that has nothing installed."""
    (work / "repository/debian").mkdir(parents=True)
    apt = debian.lists(work, debian.sources(), log)
    run("the download of the mirror's packages", [*apt, "install", "--download-only", *_names()], log)
    (work / "cache/archives").rename(work / "repository/debian/pool")
    shutil.rmtree(work / "repository/debian/pool/partial")
    (work / "repository/debian/pool/lock").unlink(missing_ok=True)


def _index(work: Path, log: Path) -> None:
    root, suite = work / "repository/debian", debian.codename()
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    )
    binary = root / f"dists/{suite}/main/binary-{architecture.stdout.strip()}"
    binary.mkdir(parents=True)
    text = _archive(log, root, "packages", "pool")
    (binary / "Packages").write_bytes(text)
    (binary / "Packages.gz").write_bytes(gzip.compress(text))
    labels = {
        "Origin": "govcloud-lab",
        "Label": "govcloud-lab",
        "Suite": suite,
        "Codename": suite,
        "Components": "main",
        "Architectures": architecture.stdout.strip(),
    }
    options = [f"-oAPT::FTPArchive::Release::{key}={value}" for key, value in labels.items()]
    release = _archive(log, root, *options, "release", f"dists/{suite}")
    (root / f"dists/{suite}/Release").write_bytes(release)


def _archive(log: Path, root: Path, *words: str) -> bytes:
    with log.open("ab") as errors:
        argv = ["apt-ftparchive", *words]
        return subprocess.run(argv, cwd=root, stdout=subprocess.PIPE, stderr=errors, check=True).stdout


def _sign(lab: Lab, work: Path) -> None:
    public_key(lab)
    dist = work / f"repository/debian/dists/{debian.codename()}"
    with _keyring() as gpg:
        _gpg(gpg, "--import", str(lab.cache / "mirror-key.secret"))
        (dist / "InRelease").write_bytes(_gpg(gpg, "--clearsign", stdin=(dist / "Release").read_bytes()))
        (dist / "Release.gpg").write_bytes(
            _gpg(gpg, "--armor", "--detach-sign", stdin=(dist / "Release").read_bytes())
        )
    for path in (work / "repository").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
