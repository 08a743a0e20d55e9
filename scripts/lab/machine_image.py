"""The host image `debian-12-own-kernel`: Debian with its kernel, boot loader and file systems apart.

Made as images of public clouds are: a GUID partition table, GRUB for BIOS, a compressed qcow2 file. What
users, logs and temporary files can fill are file systems of their own, with mount options that take away what
nobody needs there (CIS Debian 12, 1.1.2; ANSSI BP-028 R28).
"""

from __future__ import annotations

import os
import shutil
import stat
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scripts.lab import debian, image
from scripts.lab.command import run
from scripts.lab.paths import HERE, Lab
from scripts.lab.progress import step

NAME = "debian-12-own-kernel"
SOURCE = HERE / "image-own-kernel"
# Changed when the code below makes another disk of the same description, so that no old one is taken for it.
_LAYOUT = "1"
_MIB = 1 << 20
_SECTOR = 512
# Where GRUB's second stage lies, in MiB: a partition of its own, as there is no gap behind a GUID table.
_GRUB_START, _GRUB_SIZE = 1, 1
# The end of the disk in MiB, for the table's second copy.
_TAIL = 1
# Offsets in GRUB's `boot.img` (grub-core/boot/i386/pc/boot.S) and at the end of the first sector of its
# core image (diskboot.S): the sector that each of them reads next.
_BOOT_NEXT, _CORE_NEXT = 0x5C, 0x1F4
# The first sector's own code; behind it stand the disk's signature and the table.
_BOOT_CODE = 440
_GRUB_MODULES = "biosdisk part_gpt ext2 normal linux configfile search search_label echo test serial terminal"
_GUARDED = "nodev,nosuid"
_SEALED = "nodev,nosuid,noexec"


@dataclass(frozen=True)
class FileSystem:
    """One partition.

    Attributes:
        label: of the partition and of the file system, by which it is mounted.
        mount: where.
        size: MiB.
        options: how.
        mode: of the folder that it is mounted on.
    """

    label: str
    mount: str
    size: int
    options: str
    mode: int = 0o755


# Together with the table 2 GiB, the disk of the smallest flavor; a larger disk goes to /var, the last.
FILE_SYSTEMS = (
    FileSystem("root", "/", 860, "rw,relatime"),
    FileSystem("home", "/home", 48, _GUARDED),
    FileSystem("tmp", "/tmp", 96, _SEALED, 0o1777),  # noqa: S108 - the mount point itself
    FileSystem("var-tmp", "/var/tmp", 96, _SEALED, 0o1777),  # noqa: S108
    FileSystem("var-log", "/var/log", 256, _SEALED),
    FileSystem("var-log-audit", "/var/log/audit", 128, _SEALED, 0o700),
    FileSystem("var", "/var", 561, f"{_GUARDED},x-systemd.growfs"),
)


def image_file(lab: Lab) -> Path:
    """Where the image is or will be; the name carries the hash of all that makes it what it is."""
    commands = [word.replace(str(SOURCE), "") for word in _recipe(Path(), Path())]
    digest = image.digest(lab, [*commands, _LAYOUT, _GRUB_MODULES, repr(FILE_SYSTEMS)], image.SOURCE, SOURCE)
    return lab.cache / "images" / f"{NAME}-{digest.hexdigest()[:16]}.qcow2"


def build(lab: Lab) -> Path:
    """Make the image unless it is there.

    Raises:
        LabError: mmdebstrap, mkfs or GRUB failed; quotes the log.
    """
    target = image_file(lab)
    if target.exists():
        return target
    with step(f"host image {NAME}"), image.root_folder(lab, target, _recipe) as (root, log):
        disk = target.with_suffix(".disk")
        (root / "etc/fstab").write_text(fstab())
        _install_boot_loader(root, disk, log)
        _fill(root, disk, log)
        draft = target.with_suffix(".draft")
        convert = ["qemu-img", "convert", "-c", "-f", "raw", "-O", "qcow2", str(disk), str(draft)]
        run("the compression of the host image", convert, log)
        disk.unlink()
        draft.rename(target)
    return target


def _recipe(root: Path, key: Path) -> list[str]:
    lists = (image.SOURCE / "packages.txt", SOURCE / "packages.txt")
    return image.recipe(
        root,
        key,
        tuple(name for path in lists for name in debian.read_list(path)),
        image.NO_TIMERS,
        f"--customize-hook=sync-in {SOURCE / 'overlay'} /",
        '--customize-hook=chroot "$1" chown -R root:root /etc/cloud /etc/default /etc/repart.d /etc/udev',
    )


def fstab() -> str:
    """The mounts, in the order of their paths."""
    rows = sorted(FILE_SYSTEMS, key=lambda one: one.mount)
    return "".join(
        f"LABEL={one.label} {one.mount} ext4 {one.options} 0 {1 if one.mount == '/' else 2}\n" for one in rows
    )


def table() -> str:
    """The partitions, as `sfdisk` reads them."""
    start = _GRUB_START + _GRUB_SIZE
    rows = [
        f"start={_GRUB_START}MiB, size={_GRUB_SIZE}MiB, type=21686148-6449-6E6F-744E-656564454649, name=grub"
    ]
    for one in FILE_SYSTEMS:
        # Only a partition of the kind `var` is told to grow into a larger disk (etc/repart.d).
        kind = "4D21B016-B534-45C2-A9FB-5C16E091FD2D" if one.label == "var" else "linux"
        rows.append(f"start={start}MiB, size={one.size}MiB, type={kind}, name={one.label}")
        start += one.size
    return "label: gpt\n" + "".join(f"{row}\n" for row in rows)


def disk_size() -> int:
    """Bytes."""
    return (_GRUB_START + _GRUB_SIZE + sum(one.size for one in FILE_SYSTEMS) + _TAIL) * _MIB


def _install_boot_loader(root: Path, disk: Path, log: Path) -> None:
    """What `grub-install` does, without a disk that the kernel knows: the two stages by hand."""
    disk.unlink(missing_ok=True)
    disk.touch()
    os.truncate(disk, disk_size())
    run("sfdisk", ["sfdisk", "--quiet", disk], log, stdin=table())
    core = "/boot/grub/i386-pc/core.img"
    make = ["grub-mkimage", "--format=i386-pc", f"--output={core}", "--prefix=(hd0,gpt2)/boot/grub"]
    shutil.copytree(root / "usr/lib/grub/i386-pc", root / "boot/grub/i386-pc", dirs_exist_ok=True)
    run("grub-mkimage", ["chroot", root, *make, *_GRUB_MODULES.split()], log)
    sector = _GRUB_START * _MIB // _SECTOR
    first = bytearray((root / "boot/grub/i386-pc/boot.img").read_bytes())
    struct.pack_into("<Q", first, _BOOT_NEXT, sector)
    second = bytearray((root / core.lstrip("/")).read_bytes())
    struct.pack_into("<Q", second, _CORE_NEXT, sector + 1)
    with disk.open("r+b") as stream:
        stream.write(first[:_BOOT_CODE])
        stream.seek(sector * _SECTOR)
        stream.write(second)
    (root / "boot/grub/grub.cfg").write_text(_menu(root))


def _menu(root: Path) -> str:
    """What GRUB shows until `update-grub` runs on a host for the first time: the one kernel, at once."""
    version = next((root / "lib/modules").iterdir()).name
    files = " ".join(f". {root}/etc/default/{name};" for name in ("grub", "grub.d/50-image.cfg"))
    words = subprocess.run(
        ["sh", "-ec", f"{files} echo $GRUB_CMDLINE_LINUX"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    return (
        "set timeout=0\n"
        "serial --unit=0 --speed=115200\nterminal_output serial\n"
        "search --no-floppy --label root --set=root\n"
        f'menuentry "Debian, {version}" {{\n'
        f"  linux /boot/vmlinuz-{version} root=LABEL=root ro {words}\n"
        f"  initrd /boot/initrd.img-{version}\n}}\n"
    )


def _fill(root: Path, disk: Path, log: Path) -> None:
    """One file system after the other, each made of its part of the tree and written to its place."""
    places, start = {}, _GRUB_START + _GRUB_SIZE
    for one in FILE_SYSTEMS:
        places[one.label] = start
        start += one.size
    # The deepest first: what a file system has taken is gone from the one that it is mounted in.
    for one in sorted(FILE_SYSTEMS, key=lambda each: -each.mount.count("/") - (each.mount != "/")):
        content = root / one.mount.lstrip("/")
        content.mkdir(exist_ok=True)
        part = disk.with_suffix(f".{one.label}")
        part.unlink(missing_ok=True)
        part.touch()
        os.truncate(part, one.size * _MIB)
        options = ["-m", "1", "-L", one.label, "-E", "lazy_itable_init=1,root_owner=0:0"]
        run("mkfs.ext4 of the host image", ["mkfs.ext4", "-q", "-F", *options, "-d", content, part], log)
        # mkfs gives the root of a file system its own mode; the root is always inode 2, a folder.
        mode = f"set_inode_field <2> mode 0{stat.S_IFDIR | one.mode:o}"
        run("debugfs of the host image", ["debugfs", "-w", "-R", mode, part], log)
        copy = [f"if={part}", f"of={disk}", "bs=1M", f"seek={places[one.label]}", "conv=notrunc,sparse"]
        run("dd of the host image", ["dd", "status=none", *copy], log)
        part.unlink()
        for item in content.iterdir() if one.mount != "/" else ():
            shutil.rmtree(item) if item.is_dir() and not item.is_symlink() else item.unlink()
