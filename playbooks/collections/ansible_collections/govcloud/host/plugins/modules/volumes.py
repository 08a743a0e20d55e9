"""Ansible module: the host's volumes, each with a file system of its own, mounted by its UUID."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.govcloud.host.plugins.module_utils.fstab import FSTAB, MOUNTED, entry, read, write

DOCUMENTATION = r"""
module: volumes
short_description: Make a file system on a new volume, and mount it
description:
  - A volume's file system has the volume's id for its UUID, so that it is known again on whatever device.
  - A file system is made once, and only on a device that has nothing on it.
  - A host with udev finds a new volume by its serial number. A container has neither udev nor serial
    numbers, and finds it by the device that Nova says, if that has the volume's size.
  - A line of /etc/fstab that this module wrote goes with its volume. Lines of others stay.
options:
  volumes:
    description: All volumes that the host has.
    type: list
    elements: dict
    required: true
    suboptions:
      id:
        description: The volume's id, which becomes the UUID of its file system.
        type: str
        required: true
      device:
        description: What Nova calls it on this host.
        type: path
        required: true
      size:
        description: GiB.
        type: int
        required: true
      mount:
        description: The folder where it is mounted.
        type: path
        required: true
      options:
        description: Options that the mount must have.
        type: list
        elements: str
        required: true
author: The govcloud authors
"""

EXAMPLES = r"""
- name: Mount the files
  govcloud.host.volumes:
    volumes:
      - id: 0f0e9d4c-9a6b-4f62-8a0e-0a3d2b7c1e55
        device: /dev/vdb
        size: 50
        mount: /srv/files
        options: [nodev, nosuid, noexec]
"""

RETURN = r"""
actions:
  description: What was done, in order.
  type: list
  elements: str
  returned: always
"""

BY_ID = "/dev/disk/by-id"
BY_UUID = "/dev/disk/by-uuid"
UDEV = "/run/udev/control"
DEVICES = "vd[b-z]"
"""Disks beside the first, as Nova names them where nobody else does."""

MARK = "x-govcloud.volume"
"""Option of the lines that are ours; nothing else reads it."""

SERIAL = 20
"""Characters of a volume's id that virtio has room for."""

GIB = 1 << 30
BEGINNING = 1 << 20
"""Bytes at the start of a device that must be zero before a file system is made."""

NOTHING_FOUND = 2
"""What blkid(8) answers when it knows nothing of what is on a device."""

Volume = dict[str, Any]


class RefusedError(Exception):
    """Nothing is done to a volume; the text says why and what to do."""


def line(volume: Volume) -> str:
    """The line of fstab(5). A volume that is missing does not keep the host from starting."""
    options = ",".join([*volume["options"], "nofail", MARK])
    return f"UUID={volume['id']} {volume['mount']} ext4 {options} 0 2"


def table(lines: list[str], volumes: list[Volume]) -> list[str]:
    """The lines of fstab(5) as they should be: those of others as they are, then ours."""
    wanted = [line(volume) for volume in volumes]
    kept = [one for one in lines if one in wanted or not _is_ours(one)]
    return kept + [one for one in wanted if one not in kept]


def _is_ours(one: str) -> bool:
    fields = entry(one)
    return bool(fields) and MARK in fields[3].split(",")


def mounted(lines: list[str], path: str) -> tuple[str, set[str]] | None:
    """Source and options of what is seen at a path; the last mount there counts."""
    found = None
    for fields in map(entry, lines):
        if fields and fields[1] == path:
            found = fields[0], set(fields[3].split(","))
    return found


def named(volume: Volume, links: list[Path]) -> Path | None:
    """The link in /dev/disk/by-id that carries the volume's serial number."""
    serial = volume["id"][:SERIAL]
    return next((link for link in sorted(links) if serial in link.name and "-part" not in link.name), None)


class Host:
    """What the module does on the host, and keeps a record of."""

    def __init__(self, module: AnsibleModule) -> None:
        self.module = module
        self.actions: list[str] = []

    def do(self, *command: str) -> None:
        """Run a command, or only say so in check mode."""
        self.actions.append(" ".join(command))
        if not self.module.check_mode:
            self.module.run_command(list(command), check_rc=True)

    def uuid(self, device: Path) -> str | None:
        """The UUID of what is on a device; `None` where nothing is known of it, empty where it has none."""
        probe = ["blkid", "--probe", "--match-tag", "UUID", "--output", "value", str(device)]
        code, out, _ = self.module.run_command(probe)
        if code == 0:
            return str(out).strip()
        # With a tag to match, blkid says the same of a device without that tag: ask for anything at all.
        code, _, _ = self.module.run_command(["blkid", "--probe", str(device)])
        return None if code == NOTHING_FOUND else ""

    def size(self, device: Path) -> int:
        """Bytes of a device."""
        _, out, _ = self.module.run_command(["blockdev", "--getsize64", str(device)], check_rc=True)
        return int(out)

    def device(self, volume: Volume) -> Path:
        """The device that a volume is on this host.

        Raises:
            RefusedError: there is none, or it cannot be told from others.
        """
        folder = Path(BY_ID)
        link = named(volume, list(folder.iterdir()) if folder.is_dir() else [])
        if link:
            return link.resolve()
        present = [path for path in sorted(Path("/dev").glob(DEVICES)) if stat.S_ISBLK(path.stat().st_mode)]
        for path in present:
            if self.uuid(path) == volume["id"]:
                return path
        told = Path(volume["device"])
        if Path(UDEV).exists() or told not in present:
            text = (
                f"volume {volume['id']} is no device of this host. Is it attached? Run `govcloud up` again."
            )
            raise RefusedError(text)
        return told

    def prepare(self, volume: Volume, device: Path) -> None:
        """Make the file system where there is nothing yet.

        Raises:
            RefusedError: there is something else.
        """
        found = self.uuid(device)
        if found == volume["id"]:
            return
        size = self.size(device)
        if found is not None or not self._is_blank(device) or size != volume["size"] * GIB:
            content = f"a file system {found}" if found else "something that is no file system"
            holds = "" if found is None else f" and holds {content}"
            raise RefusedError(
                f"{device} is not the empty volume {volume['id']} of {volume['size']} GiB: it has "
                f"{size} bytes{holds}. Nothing is written to it. Find out what it is; whoever knows that "
                "nobody needs it may write zeros over its beginning."
            )
        self.do("mkfs.ext4", "-q", "-U", volume["id"], str(device))

    def _is_blank(self, device: Path) -> bool:
        with device.open("rb") as file:
            return not any(file.read(BEGINNING))

    def mount(self, volume: Volume, device: Path) -> None:
        """Mount it where it belongs, with its options.

        Raises:
            RefusedError: something else is mounted there.
        """
        path, options = volume["mount"], volume["options"]
        there = mounted(read(MOUNTED), path)
        if there is None:
            self.link(volume, device)
            self.do("mount", path)
            # `nofail` makes mount(8) silent about a device that is missing.
            if not self.module.check_mode and mounted(read(MOUNTED), path) is None:
                text = f"{device} cannot be mounted at {path}: mount(8) found no device of its UUID."
                raise RefusedError(text)
        elif not _is_same(Path(there[0]), device):
            raise RefusedError(
                f"{there[0]} is mounted at {path} instead of {device}. Find out why; unmount it."
            )
        elif not set(options) <= there[1]:
            self.do("mount", "-o", ",".join(["remount", *options]), path)

    def link(self, volume: Volume, device: Path) -> None:
        """The name that udev gives a file system, where there is no udev."""
        link = Path(BY_UUID, volume["id"])
        if self.module.check_mode or Path(UDEV).exists():
            return
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(device)

    def write(self, lines: list[str]) -> None:
        """Replace fstab(5), or only say so in check mode."""
        self.actions.append(f"write {FSTAB}")
        if not self.module.check_mode:
            write(self.module, lines)

    def bring(self, volumes: list[Volume]) -> None:
        """Everything, in an order that may be interrupted anywhere.

        Raises:
            RefusedError: a volume is not what it should be.
        """
        devices = [self.device(volume) for volume in volumes]
        for volume, device in zip(volumes, devices, strict=True):
            self.prepare(volume, device)
        before = read(FSTAB)
        lines = table(before, volumes)
        for volume in volumes:
            folder = Path(volume["mount"])
            if not folder.is_dir() and not self.module.check_mode:
                folder.mkdir(parents=True, mode=0o755)
        if lines != before:
            self.write(lines)
        for volume, device in zip(volumes, devices, strict=True):
            self.mount(volume, device)


def _is_same(one: Path, other: Path) -> bool:
    """Whether two paths are the same device."""
    return one.exists() and one.stat().st_rdev == other.stat().st_rdev


def main() -> None:
    """Bring the volumes to where they should be, or say in check mode what would be done."""
    suboptions = {
        "id": {"type": "str", "required": True},
        "device": {"type": "path", "required": True},
        "size": {"type": "int", "required": True},
        "mount": {"type": "path", "required": True},
        "options": {"type": "list", "elements": "str", "required": True},
    }
    volumes = {"type": "list", "elements": "dict", "required": True, "options": suboptions}
    module = AnsibleModule(argument_spec={"volumes": volumes}, supports_check_mode=True)
    host = Host(module)
    try:
        host.bring(module.params["volumes"])
    except RefusedError as refused:
        module.fail_json(msg=str(refused))
    module.exit_json(changed=bool(host.actions), actions=host.actions)


if __name__ == "__main__":
    main()
