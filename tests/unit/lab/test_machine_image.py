"""The disk of hosts with a kernel of their own: how it is parted, and what is mounted how."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from jinja2 import Template

from scripts.lab import debian, image, machine_image
from scripts.lab.machine_image import FILE_SYSTEMS
from stacks.settings import REPOSITORY

ROW = re.compile(r"start=(\d+)MiB, size=(\d+)MiB, type=\S+, name=(\S+)")
SMALLEST_DISK = 2 << 30


def test_parts_follow_one_another_and_fit_the_smallest_flavor() -> None:
    rows = [(int(start), int(size)) for start, size, _ in ROW.findall(machine_image.table())]
    assert len(rows) == len(FILE_SYSTEMS) + 1
    for (start, size), (following, _) in pairwise(rows):
        assert start + size == following
    assert (sum(rows[-1]) + 1) << 20 == machine_image.disk_size() <= SMALLEST_DISK


def test_the_part_that_grows_is_the_last() -> None:
    assert ROW.findall(machine_image.table())[-1][2] == "var"
    assert "x-systemd.growfs" in FILE_SYSTEMS[-1].options


@pytest.mark.parametrize("mount", ["/home", "/tmp", "/var", "/var/tmp", "/var/log", "/var/log/audit"])
def test_what_can_be_filled_is_apart_and_bears_no_devices_or_set_ids(mount: str) -> None:
    options = {one.mount: set(one.options.split(",")) for one in FILE_SYSTEMS}[mount]
    assert {"nodev", "nosuid"} <= options
    assert ("noexec" in options) is (mount not in ("/home", "/var"))


def test_a_mount_comes_after_the_one_that_it_lies_in() -> None:
    mounts = [line.split()[1] for line in machine_image.fstab().splitlines()]
    for number, mount in enumerate(mounts):
        above = [other for other in mounts if other != mount and mount.startswith(f"{other.rstrip('/')}/")]
        assert all(mounts.index(other) < number for other in above)


@pytest.mark.skipif(not shutil.which("sfdisk"), reason="sfdisk comes with `lab up --hosts both`")
def test_the_table_is_one_that_sfdisk_writes(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with disk.open("wb") as stream:
        stream.truncate(machine_image.disk_size())
    subprocess.run(["sfdisk", "--quiet", disk], input=machine_image.table(), text=True, check=True)
    shown = subprocess.run(["sfdisk", "--dump", disk], capture_output=True, text=True, check=True).stdout
    assert re.findall(r'name="(\S+)"', shown) == ["grub", *(one.label for one in FILE_SYSTEMS)]


def test_the_image_has_what_the_playbook_gives_every_host() -> None:
    variables = yaml.safe_load((REPOSITORY / "playbooks/group_vars/all.yml").read_text(encoding="utf-8"))
    wanted = {
        *variables["baseline_packages"],
        *variables["own_kernel_packages"],
        *variables["remote_log_packages"],
    }
    lists = (image.SOURCE / "packages.txt", machine_image.SOURCE / "packages.txt")
    assert wanted <= {name for path in lists for name in debian.read_list(path)}


def test_the_image_starts_with_the_words_that_the_playbook_wants() -> None:
    roles = REPOSITORY / "playbooks/roles"
    words = yaml.safe_load((roles / "boot/vars/main.yml").read_text(encoding="utf-8"))["boot_words"]
    settings = machine_image.SOURCE / "overlay/etc/default/grub"
    (line,) = re.findall(r'(?m)^GRUB_CMDLINE_LINUX="(.*)"$', settings.read_text(encoding="utf-8"))
    assert line.split() == words


def test_the_words_stay_whatever_other_files_of_grub_say() -> None:
    text = (REPOSITORY / "playbooks/roles/boot/templates/grub.cfg.j2").read_text(encoding="utf-8")
    rendered = Template(text).render(ansible_managed="x", boot_wanted=["audit=1", "mce=0"])
    script = f'GRUB_CMDLINE_LINUX="console=ttyS0 mce=0"\n{rendered}\necho "$GRUB_CMDLINE_LINUX"'
    said = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["console=ttyS0", "mce=0", "audit=1"]
