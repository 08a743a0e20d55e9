"""The process that runs the stacks' programs: it says where it is, answers, and goes when it is told to."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import grpc
import pytest
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from stacks.settings import REPOSITORY

Process = subprocess.Popen[str]


@pytest.fixture
def process() -> Iterator[Process]:
    started = subprocess.Popen(
        [sys.executable, "-m", "scripts.engine.programs"], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    with started:
        yield started
        started.kill()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_on_the_address_that_it_prints_and_ends_in_order(
    process: Process, how: signal.Signals
) -> None:
    assert process.stdout
    address = process.stdout.readline().strip()
    assert address.startswith("127.0.0.1:")
    with grpc.insecure_channel(address) as channel:
        about = language_pb2_grpc.LanguageRuntimeStub(channel).About(language_pb2.AboutRequest(), timeout=20)
    assert about.executable == sys.executable
    process.send_signal(how)
    assert process.wait(20) == 0
