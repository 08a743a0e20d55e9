"""Talk to a plugin as the engine does: start it, read its port, call it."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import grpc

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ENGINE = "127.0.0.1:1"
"""Nobody listens there; what these tests ask needs no engine."""


@contextmanager
def running(binary: Path, environment: Mapping[str, str] = os.environ) -> Iterator[grpc.Channel]:
    with subprocess.Popen(
        [binary, ENGINE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd="/"
    ) as plugin:
        assert plugin.stdout is not None
        try:
            port = int(plugin.stdout.readline())
            with grpc.insecure_channel(
                f"127.0.0.1:{port}", options=[("grpc.max_receive_message_length", 64 << 20)]
            ) as channel:
                yield channel
        finally:
            plugin.terminate()
