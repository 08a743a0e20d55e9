"""Installing packages leaves the machine's own service policy as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.lab import debian, packages
from scripts.lab.paths import HERE

OWN = "#!/bin/sh\nexit 0\n"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return tmp_path / "policy-rc.d"


def test_without_a_policy_none_is_left(policy: Path) -> None:
    with packages.no_autostart(policy):
        assert "exit 101" in policy.read_text()
        assert policy.stat().st_mode & 0o111
    assert not policy.exists()


def test_the_machine_s_policy_comes_back_also_after_an_error(policy: Path) -> None:
    policy.write_text(OWN)

    def fail() -> None:
        with packages.no_autostart(policy):
            assert policy.read_text() != OWN
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert policy.read_text() == OWN
    assert list(policy.parent.iterdir()) == [policy]


def test_a_kill_in_between_is_made_good_by_the_next_run(policy: Path) -> None:
    policy.write_text(OWN)
    killed = packages.no_autostart(policy)
    killed.__enter__()
    with packages.no_autostart(policy):
        pass
    assert policy.read_text() == OWN


@pytest.mark.parametrize(
    "name",
    [
        "packages.txt",
        "packages-own-kernel.txt",
        "mirror-packages.txt",
        "image/packages.txt",
        "image-own-kernel/packages.txt",
    ],
)
def test_package_lists_are_sorted_and_without_repetition(name: str) -> None:
    names = debian.read_list(HERE / name)
    assert list(names) == sorted(set(names))
