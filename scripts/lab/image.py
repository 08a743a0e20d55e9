"""The host image `debian-12`: Debian made by mmdebstrap, cloud-init, no boot loader, one raw ext4 file.

A container host copies the whole file, so it is as small as its content.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.lab import debian, mirror
from scripts.lab.command import run
from scripts.lab.paths import HERE, Lab
from scripts.lab.progress import step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCE = HERE / "image"
NAME = "debian-12"
MIRROR_KEY = "/usr/share/keyrings/govcloud-mirror.gpg"
ENABLED = ("ssh", "systemd-networkd", "systemd-networkd-wait-online", "systemd-resolved", "tx-checksum-off")
# A container has no devices of its own; udev would wait for them. apt's timers have nobody to ask.
NO_DEVICES = (
    "systemd-udevd.service",
    "systemd-udev-trigger.service",
    "systemd-udev-settle.service",
    "systemd-udevd-kernel.socket",
    "systemd-udevd-control.socket",
)
NO_TIMERS = (
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "e2scrub_reap.service",
    "e2scrub_all.timer",
    "fstrim.timer",
)
# Sizes in bytes. ext4's own tables take about 4 %; the host's file system grows to its flavor's disk at boot.
_SPARE = 24 << 20
_OVERHEAD = 1.06
_BLOCK = 1 << 20


def image_file(lab: Lab) -> Path:
    """Where the image is or will be; the name carries the hash of all that makes it what it is."""
    return (
        lab.cache / "images" / f"{NAME}-{digest(lab, _recipe(Path(), Path()), SOURCE).hexdigest()[:16]}.raw"
    )


def digest(lab: Lab, commands: list[str], *sources: Path) -> hashlib._Hash:
    """The hash of a recipe, of every file in its source folders, and of the key that hosts trust."""
    found = hashlib.sha256(repr(commands).replace(str(SOURCE), "").encode())
    for path in sorted(path for source in sources for path in source.rglob("*")):
        if path.is_file():
            found.update(path.name.encode() + b"\0" + path.read_bytes())
    found.update(mirror.public_key(lab).read_bytes())
    return found


def build(lab: Lab) -> Path:
    """Make the image unless it is there.

    Raises:
        LabError: mmdebstrap or mkfs failed; quotes the log.
    """
    target = image_file(lab)
    if not target.exists():
        with step(f"host image {NAME}"), root_folder(lab, target, _recipe) as (root, log):
            _file_system(root, target, log)
    return target


@contextmanager
def root_folder(
    lab: Lab, target: Path, make: Callable[[Path, Path], list[str]]
) -> Iterator[tuple[Path, Path]]:
    """The folder that a recipe fills, for the length of a block, and the log of the image `target`.

    Raises:
        LabError: mmdebstrap failed; quotes the log.
    """
    root, log = target.with_suffix(".rootfs"), target.with_suffix(".log")
    shutil.rmtree(root, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Its mounts of /proc, /sys and /dev end with it, also when it is killed: `rmtree` must never meet them.
    command = ["unshare", "--mount", *make(root, mirror.public_key(lab)), *debian.sources()]
    run("mmdebstrap of the host image", command, log)
    yield root, log
    shutil.rmtree(root)


def _recipe(root: Path, key: Path) -> list[str]:
    return recipe(root, key, debian.read_list(SOURCE / "packages.txt"), (*NO_DEVICES, *NO_TIMERS))


def recipe(
    root: Path, key: Path, packages: tuple[str, ...], masked: tuple[str, ...], *hooks: str
) -> list[str]:
    """How mmdebstrap fills the folder `root` with what the images of both kinds of host have.

    Args:
        root: made by it.
        key: of the package mirror, which hosts trust.
        packages: besides the essential ones.
        masked: units that never start.
        hooks: options of mmdebstrap, after the common ones.
    """
    return [
        "mmdebstrap",
        "--variant=minbase",
        "--format=directory",
        "--skip=check/empty",
        f"--aptopt={SOURCE / 'apt.conf'}",
        f"--dpkgopt={SOURCE / 'dpkg.cfg'}",
        f"--include={','.join(packages)}",
        f"--customize-hook=sync-in {SOURCE / 'overlay'} /",
        f"--customize-hook=upload {key} {MIRROR_KEY}",
        '--customize-hook=chroot "$1" chown -R root:root /etc/cloud /etc/systemd /etc/ssh',
        f'--customize-hook=chroot "$1" systemctl -q enable {" ".join(ENABLED)}',
        f'--customize-hook=chroot "$1" systemctl -q mask {" ".join(masked)}',
        '--customize-hook=rm -f "$1"/etc/ssh/ssh_host_* "$1"/etc/fstab "$1"/etc/resolv.conf',
        '--customize-hook=ln -s /run/systemd/resolve/stub-resolv.conf "$1"/etc/resolv.conf',
        '--customize-hook=rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/* "$1"/var/log/*.log',
        '--customize-hook=: > "$1"/etc/machine-id; : > "$1"/etc/apt/sources.list',
        '--customize-hook=echo debian > "$1"/etc/hostname',
        *hooks,
        debian.codename(),
        str(root),
    ]


def _file_system(root: Path, target: Path, log: Path) -> None:
    used = int(subprocess.run(["du", "-s", "-B1", root], capture_output=True, check=True).stdout.split()[0])
    size = int(used * _OVERHEAD + _SPARE) // _BLOCK * _BLOCK
    draft = target.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    draft.touch()
    os.truncate(draft, size)
    options = ["-O", "^has_journal", "-m", "0", "-L", "root", "-E", "lazy_itable_init=1"]
    run("mkfs.ext4 of the host image", ["mkfs.ext4", "-q", "-F", *options, "-d", root, draft], log)
    draft.rename(target)
