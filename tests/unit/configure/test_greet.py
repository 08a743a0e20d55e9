"""The greeting tells a host that does not answer, with SSH's own words."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from scripts.configure.greet import greet


def test_a_closed_port_is_reported(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        config = tmp_path / "config"
        config.write_text(f"Host gone\n  HostName 127.0.0.1\n  Port {taken.getsockname()[1]}\n")
        said = greet(["gone"], config, patience=0.0)
    assert "Connection refused" in said["gone"]
    assert list(tmp_path.iterdir()) == [config]


def test_no_hosts_no_words(tmp_path: Path) -> None:
    assert greet([], tmp_path / "config") == {}


def test_a_greeting_never_uses_a_connection_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The groups of the login user may have changed since it was opened."""
    calls = tmp_path / "calls"
    ssh = tmp_path / "bin" / "ssh"
    ssh.parent.mkdir()
    ssh.write_text(f'#!/bin/sh\necho "$*" >> {calls}\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{ssh.parent}:/usr/bin:/bin")
    assert greet(["web"], tmp_path / "config") == {}
    first, second = calls.read_text().splitlines()
    assert first.endswith("-O stop web")
    assert second.endswith("web true")
