"""The module that mounts volumes: what it writes, what it takes for a volume, and what it never touches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.configure.host_modules import load

ID = "0f0e9d4c-9a6b-4f62-8a0e-0a3d2b7c1e55"
FILES = {
    "id": ID,
    "device": "/dev/vdb",
    "size": 1,
    "mount": "/srv/files",
    "options": ["nodev", "nosuid", "noexec"],
}
LINE = f"UUID={ID} /srv/files ext4 nodev,nosuid,noexec,nofail,x-govcloud.volume 0 2"
OTHERS = ["# UUID=0 /srv/old ext4 nofail,x-govcloud.volume 0 2", "LABEL=log /var/log ext4 rw,nosuid 0 2"]


MODULE = load("volumes")


class Machine:
    """Ansible's side of the module, with blkid and blockdev as the test says; commands are only kept."""

    check_mode = False

    def __init__(self, found: tuple[int, str], size: int) -> None:
        self.found, self.size = found, size
        self.ran: list[list[str]] = []

    def run_command(self, command: list[str], check_rc: bool = False) -> tuple[int, str, str]:  # noqa: ARG002
        if command[0] == "blkid":
            tagged = "--match-tag" in command
            code, uuid = self.found
            return (code, uuid, "") if tagged or code == 2 or not uuid else (0, uuid, "")
        if command[0] == "blockdev":
            return 0, f"{self.size}\n", ""
        self.ran.append(command)
        return 0, "", ""


def prepared(tmp_path: Path, found: tuple[int, str], content: bytes, size: int = 1 << 30) -> Machine:
    device, machine = tmp_path / "vdb", Machine(found, size)
    device.write_bytes(content)
    MODULE.Host(machine).prepare(FILES, device)
    return machine


def test_a_volume_is_mounted_by_its_uuid() -> None:
    assert MODULE.table(OTHERS, [FILES]) == [*OTHERS, LINE]


def test_a_second_run_writes_the_same_table() -> None:
    assert MODULE.table([*OTHERS, LINE], [FILES]) == [*OTHERS, LINE]


def test_the_line_of_a_volume_that_is_gone_goes_and_those_of_others_stay() -> None:
    assert MODULE.table([LINE, *OTHERS], []) == OTHERS
    assert MODULE.table([LINE], [{**FILES, "mount": "/srv/moved"}]) == [LINE.replace("files", "moved")]


def test_what_is_seen_at_a_path_is_the_last_mount() -> None:
    lines = ["/dev/vda1 /srv/files ext4 rw 0 0", "/dev/vdb /srv/files ext4 rw,nodev 0 0"]
    assert MODULE.mounted(lines, "/srv/files") == ("/dev/vdb", {"rw", "nodev"})
    assert MODULE.mounted(lines, "/srv") is None


def test_a_machine_names_a_volume_by_its_serial_number() -> None:
    links = [Path("/dev/disk/by-id") / name for name in ("virtio-other", f"virtio-{ID[:20]}")]
    assert MODULE.named(FILES, links) == links[1]
    assert MODULE.named(FILES, [links[1].with_name(f"{links[1].name}-part1")]) is None
    assert MODULE.named(FILES, [links[1].with_name(f"scsi-0QEMU_QEMU_HARDDISK_{ID}")]) is not None


def test_an_empty_volume_gets_a_file_system_of_its_own_id(tmp_path: Path) -> None:
    machine = prepared(tmp_path, (2, ""), bytes(2 << 20))
    assert machine.ran == [["mkfs.ext4", "-q", "-U", ID, str(tmp_path / "vdb")]]


def test_a_file_system_is_made_once(tmp_path: Path) -> None:
    assert prepared(tmp_path, (0, f"{ID}\n"), b"data").ran == []


@pytest.mark.parametrize(
    ("found", "content", "size"),
    [
        ((0, "another-uuid\n"), bytes(1 << 20), 1 << 30),
        ((8, ""), bytes(1 << 20), 1 << 30),
        ((2, ""), bytes(1 << 19) + b"data", 1 << 30),
        ((2, ""), bytes(1 << 20), 2 << 30),
    ],
    ids=["another file system", "several signatures", "something unknown", "a device of another size"],
)
def test_what_holds_anything_is_never_written_to(
    tmp_path: Path, found: tuple[int, str], content: bytes, size: int
) -> None:
    with pytest.raises(MODULE.RefusedError, match="Nothing is written to it"):
        prepared(tmp_path, found, content, size)


def test_check_mode_only_says_what_it_would_do(tmp_path: Path) -> None:
    device, machine = tmp_path / "vdb", Machine((2, ""), 1 << 30)
    device.write_bytes(bytes(1 << 20))
    machine.check_mode = True
    host: Any = MODULE.Host(machine)
    host.prepare(FILES, device)
    assert (machine.ran, host.actions) == ([], [f"mkfs.ext4 -q -U {ID} {device}"])
