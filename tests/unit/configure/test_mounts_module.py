"""The module that gives folders mount options: what it writes, and what it mounts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.configure.host_modules import load
from tests.unit.configure.rendering import role_file

MODULE = load("mounts")
OWN = [
    {"path": "/var/log", "options": ["nosuid", "nodev", "noexec"]},
    {"path": "/proc", "options": ["nosuid", "hidepid=invisible"]},
]
TYPES = {"/proc": "proc"}


def wanted(**overrides: list[str]) -> list[dict[str, Any]]:
    """What the module makes of these folders, with other options for some."""
    found: list[dict[str, Any]] = MODULE.wanted({"mounts": OWN, "types": TYPES, "overrides": overrides})
    return found


LOG, PROC = wanted()
OPTIONS = st.sampled_from(
    ["defaults", "suid", "nosuid", "exec", "noexec", "dev", "ro", "hidepid=1", "size=1m"]
)
WANTED = st.lists(
    st.sampled_from(["nosuid", "noexec", "nodev", "hidepid=invisible"]), min_size=1, unique=True
)


def test_a_folder_is_mounted_onto_itself() -> None:
    assert MODULE.table([], [LOG]) == ["/var/log /var/log none bind,nosuid,nodev,noexec 0 0"]
    assert MODULE.table([], [PROC]) == ["proc /proc proc nosuid,hidepid=invisible 0 0"]


def test_a_partition_keeps_its_line_and_gets_the_options() -> None:
    lines = ["# the image's own", "LABEL=log /var/log ext4 rw,exec,nosuid 0 2", "tmpfs /run tmpfs exec 0 0"]
    changed = "LABEL=log /var/log ext4 rw,nosuid,nodev,noexec 0 2"
    assert MODULE.table(lines, [LOG]) == [lines[0], changed, lines[2]]


def test_a_comment_is_no_mount() -> None:
    assert len(MODULE.table(["# /dev/vdb /var/log ext4 defaults 0 0"], [LOG])) == 2


def test_what_is_not_mounted_is() -> None:
    assert MODULE.needed(["/dev/vda / ext4 rw 0 0"], [LOG]) == [["mount", "/var/log"]]


@pytest.mark.parametrize(
    ("mount", "mounted", "call"),
    [
        (LOG, "/dev/vda /var/log ext4 rw,nosuid,nodev 0 0", "remount,bind,nosuid,nodev,noexec"),
        (PROC, "proc /proc proc rw,nosuid 0 0", "remount,nosuid,hidepid=invisible"),
    ],
)
def test_options_that_were_taken_away_come_back(mount: dict[str, Any], mounted: str, call: str) -> None:
    assert MODULE.needed([mounted], [mount]) == [["mount", "-o", call, mount["path"]]]


def test_the_last_mount_of_a_folder_counts() -> None:
    mounted = ["/dev/vda /var/log ext4 rw,nosuid,nodev,noexec 0 0", "tmpfs /var/log tmpfs rw 0 0"]
    assert len(MODULE.needed(mounted, [LOG])) == 1


def test_what_is_right_is_left_alone() -> None:
    assert MODULE.needed(["/dev/vda /var/log ext4 rw,nosuid,nodev,noexec,relatime 0 0"], [LOG]) == []


@given(st.lists(OPTIONS, min_size=1, unique=True), WANTED)
def test_wanted_options_win_and_a_second_time_changes_nothing(present: list[str], wanted: list[str]) -> None:
    once = MODULE.merged(",".join(present), wanted)
    options = once.split(",")
    assert set(wanted) <= set(options)
    assert not {option[2:] for option in wanted if option.startswith("no")} & set(options)
    assert len({option.split("=")[0] for option in options}) == len(options)
    assert MODULE.merged(once, wanted) == once


@given(WANTED, st.sampled_from(["none", "proc"]))
def test_a_second_run_writes_the_same_table(wanted: list[str], kind: str) -> None:
    mount = {"path": "/x", "options": wanted, "without": [], "type": kind}
    lines = MODULE.table(["tmpfs /y tmpfs rw 0 0"], [mount])
    assert MODULE.table(lines, [mount]) == lines


def test_the_role_names_a_folder_before_what_is_in_it() -> None:
    paths = list(role_file("filesystems", "vars/main.yml")["filesystems_mounts"])
    for position, path in enumerate(paths):
        assert not any(later != path and path.startswith(f"{later}/") for later in paths[position:]), path


def test_an_option_that_is_waived_is_taken_away_and_comes_back() -> None:
    ours = [
        "/var/log /var/log none bind,nosuid,nodev,noexec 0 0",
        "proc /proc proc nosuid,hidepid=invisible 0 0",
    ]
    mounted = [
        "/dev/vda /var/log ext4 rw,nosuid,nodev,noexec 0 0",
        "proc /proc proc rw,nosuid,hidepid=invisible 0 0",
    ]
    waived = wanted(**{"/var/log": ["nosuid", "nodev"], "/proc": ["nosuid"]})
    lines = MODULE.table(ours, waived)
    assert lines == ["/var/log /var/log none bind,nosuid,nodev 0 0", "proc /proc proc nosuid 0 0"]
    assert MODULE.table([], waived) == lines
    assert [call[2] for call in MODULE.needed(mounted, waived)] == [
        "remount,bind,exec,nosuid,nodev",
        "remount,hidepid=off,nosuid",
    ]
    left = ["/dev/vda /var/log ext4 rw,nosuid,nodev 0 0", "proc /proc proc rw,nosuid 0 0"]
    assert MODULE.needed(left, waived) == []
    assert MODULE.table(lines, wanted()) == ours
    assert len(MODULE.needed(left, wanted())) == 2


def test_a_mount_may_lose_all_of_its_options() -> None:
    waived = wanted(**{"/var/log": [], "/proc": []})
    assert MODULE.table([], waived) == ["/var/log /var/log none bind 0 0", "proc /proc proc defaults 0 0"]
    assert MODULE.table(["x /proc proc nosuid 0 0"], waived)[0] == "x /proc proc defaults 0 0"
