"""The three layouts of cgroups that machines have."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from scripts.lab import cgroups
from stacks.errors import MachineError

V1_LINES = """\
31 23 0:26 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct
33 31 0:28 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
34 31 0:29 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
"""
V2_LINE = "35 23 0:30 / {mount} rw,relatime - cgroup2 cgroup2 rw,nsdelegate\n"
V1_OWN = "4:memory:/user/one\n3:cpu,cpuacct:/\n2:name=systemd:/user\n0::/scope\n"


@pytest.mark.parametrize("extra", ["", V2_LINE.format(mount="/sys/fs/cgroup/unified")], ids=["v1", "hybrid"])
def test_v1_and_hybrid_use_the_controllers_trees(extra: str) -> None:
    trees = cgroups.parse(V1_LINES + extra, V1_OWN)
    assert [tree.kind for tree in trees] == ["cgroup"] * 3
    by_name = {tree.mount.name: tree for tree in trees}
    assert by_name["cpu,cpuacct"].options == "cpu,cpuacct"
    assert by_name["memory"].current == Path("/sys/fs/cgroup/memory/user/one")
    assert by_name["systemd"].options.split(",")[0] == "none"
    assert "name=systemd" in by_name["systemd"].options


def test_v2_is_one_tree_and_the_branch_lies_at_its_top() -> None:
    (tree,) = cgroups.parse(V2_LINE.format(mount="/sys/fs/cgroup"), "0::/user.slice/session-1.scope\n")
    assert (tree.kind, tree.options) == ("cgroup2", "")
    assert cgroups.branch(tree, "box") == Path("/sys/fs/cgroup/box")


def test_a_v1_branch_lies_below_the_caller_so_that_its_limits_hold() -> None:
    memory = next(tree for tree in cgroups.parse(V1_LINES, V1_OWN) if tree.mount.name == "memory")
    assert cgroups.branch(memory, "box") == Path("/sys/fs/cgroup/memory/user/one/box")


def test_nothing_mounted_is_no_hierarchy() -> None:
    assert cgroups.parse("31 23 0:26 / /sys rw - sysfs sysfs rw\n", "0::/\n") == ()


def test_the_layout_of_this_machine_is_understood() -> None:
    trees = cgroups.detect()
    if not Path("/sys/fs/cgroup").exists():
        pytest.skip("this machine mounts no cgroups")
    assert trees
    assert all(tree.current.is_dir() for tree in trees if os.access(tree.mount, os.R_OK))


def top(folder: Path, has: str, hands_down: str) -> cgroups.Hierarchy:
    """A unified tree with these controllers at its top, some of which are handed down."""
    (folder / "cgroup.controllers").write_text(has)
    (folder / "cgroup.subtree_control").write_text(hands_down)
    (tree,) = cgroups.parse(V2_LINE.format(mount=folder), "0::/\n")
    return tree


@pytest.mark.parametrize(
    ("hands_down", "written"),
    [("", "+cpu +memory +pids"), ("memory pids\n", "+cpu"), ("cpu memory pids\n", "cpu memory pids\n")],
    ids=["nobody has", "systemd has in part", "somebody has"],
)
def test_controllers_are_handed_down_from_the_top(tmp_path: Path, hands_down: str, written: str) -> None:
    cgroups.open_top((top(tmp_path, "cpu memory pids\n", hands_down),))
    assert (tmp_path / "cgroup.subtree_control").read_text() == written


def test_a_top_that_has_processes_of_its_own_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = top(tmp_path, "cpu memory\n", "")

    def refuse(_: Path, __: str) -> int:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(MachineError, match="cannot be handed down"):
        cgroups.open_top((tree,))


def test_v1_trees_have_nothing_to_hand_down() -> None:
    cgroups.open_top(cgroups.parse(V1_LINES, V1_OWN))
