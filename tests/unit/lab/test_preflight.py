"""What a machine lacks is said in full, before anything happens."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scripts.lab import cgroups, preflight
from scripts.lab.paths import Lab, Ports
from scripts.main import build_app
from scripts.verbs import demo
from stacks.errors import MachineError


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(cache=tmp_path, state=tmp_path / "state", ports=Ports(20000))


def test_every_problem_is_told_at_once(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(preflight, "MEMORY", 1 << 60)
    monkeypatch.setattr(preflight, "DISK", 1 << 60)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", lab.ports.glance))
        taken.listen()
        with pytest.raises(MachineError) as caught:
            preflight.check(lab)
    for fact in ("needs root", f"port {lab.ports.glance}", "GiB of memory", "GOVCLOUD_CACHE"):
        assert fact in caught.value.what
    assert not list(lab.cache.iterdir())


@pytest.mark.parametrize(
    ("kind", "options", "missing"),
    [("cgroup", ("cpuacct", "devices"), "memory"), ("cgroup", ("memory", "devices"), "cpuacct")],
)
def test_a_controller_that_containers_need(
    kind: str, options: tuple[str, ...], missing: str, tmp_path: Path
) -> None:
    trees = tuple(cgroups.Hierarchy(kind, tmp_path, option, tmp_path) for option in options)
    (problem,) = preflight.cgroup_layout(trees)
    assert f"({missing})" in problem


def test_v2_without_memory_is_told(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").write_text("cpu io pids\n")
    (problem,) = preflight.cgroup_layout((cgroups.Hierarchy("cgroup2", tmp_path, "", tmp_path),))
    assert "(memory)" in problem


def test_no_cgroups_at_all() -> None:
    (problem,) = preflight.cgroup_layout(())
    assert "no cgroup file system" in problem


def test_the_demo_asks_for_all_that_it_needs_before_anything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"GOVCLOUD_CACHE": str(tmp_path), "GOVCLOUD_LAB_PORT_OFFSET": "20000"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GOVCLOUD_CLOUD", "lab-20000")
    monkeypatch.setattr(demo, "MEMORY", 1 << 60)
    monkeypatch.setattr(demo, "BUILD_BYTES", 1 << 60)
    ended = CliRunner().invoke(build_app("demo"), ["demo"])
    assert isinstance(ended.exception, MachineError), ended.output
    assert "GiB of memory" in ended.exception.what
    assert "GOVCLOUD_CACHE" in ended.exception.what
    assert "govcloud toolchain" not in ended.output
    assert not list(tmp_path.iterdir())
