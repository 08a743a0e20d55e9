"""The greeting tells a host that does not answer, with SSH's own words."""

from __future__ import annotations

import socket
from pathlib import Path

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
