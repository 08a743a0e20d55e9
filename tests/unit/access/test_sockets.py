"""SSH's sockets have a private place, however long the deployment's own path is."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

import pytest

from scripts.access.sockets import LONGEST_FOLDER, NAME, private_folder
from scripts.access.ssh import SshFiles, Way, write_config
from stacks.errors import MachineError


def long(folder: Path, length: int) -> Path:
    """A path below the folder that has this many bytes."""
    return folder / ("x" * (length - len(str(folder)) - 1))


def test_a_path_that_is_short_enough_is_used(short_paths: Path) -> None:
    wanted = long(short_paths, LONGEST_FOLDER)
    assert private_folder(wanted) == wanted
    with socket.socket(socket.AF_UNIX) as longest:
        longest.bind(f"{wanted}/{'x' * (NAME - 1)}")


def test_another_folder_takes_the_place_of_one_with_a_long_path(short_paths: Path) -> None:
    wanted = long(short_paths, LONGEST_FOLDER + 1)
    with socket.socket(socket.AF_UNIX) as longest, pytest.raises(OSError, match="too long"):
        longest.bind(f"{wanted}/{'x' * (NAME - 1)}")
    folder = private_folder(wanted)
    assert folder.parent == short_paths
    assert folder.stat().st_mode & 0o777 == 0o700
    assert private_folder(wanted) == folder
    assert private_folder(wanted / "other") != folder


def test_a_folder_that_others_may_write_to_is_refused(short_paths: Path) -> None:
    wanted = short_paths / "mux"
    wanted.mkdir(mode=0o700)
    wanted.chmod(0o770)
    with pytest.raises(MachineError, match="belongs to you alone"):
        private_folder(wanted)


def test_a_link_to_somewhere_else_is_refused(short_paths: Path) -> None:
    (short_paths / "private").mkdir(mode=0o700)
    (short_paths / "mux").symlink_to(short_paths / "private")
    with pytest.raises(MachineError, match="belongs to you alone"):
        private_folder(short_paths / "mux")


def test_a_machine_without_a_short_path_is_told_so(
    short_paths: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(long(short_paths, LONGEST_FOLDER)))
    with pytest.raises(MachineError, match="too long a path") as refused:
        private_folder(long(short_paths, LONGEST_FOLDER + 1))
    assert "TMPDIR" in str(refused.value)


def test_the_configuration_names_the_folder(short_paths: Path) -> None:
    home = long(short_paths, LONGEST_FOLDER)
    files = SshFiles(home / "config", home / "key", home / "known_hosts", home / "mux")
    text = write_config(files, "debian", None, Way("bastion", "192.0.2.1", "known"), ()).read_text()
    assert f"ControlPath {private_folder(files.sockets)}/%C" in text
