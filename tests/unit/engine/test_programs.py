"""The process that runs the stacks' programs: it says where it is, answers, and goes when it is told to."""

from __future__ import annotations

import re
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


LOADED = """
import sys, types
from scripts.engine.programs import PROVIDER_PACKAGES, load_provider
load_provider()
print(*(p for p in PROVIDER_PACKAGES if type(sys.modules[f"pulumi_openstack.{p}"]) is types.ModuleType))
"""


def test_what_programs_use_of_the_provider_is_loaded_before_they_run() -> None:
    sources = "".join(path.read_text() for path in (REPOSITORY / "stacks").rglob("*.py"))
    used = set(re.findall(r"\bopenstack\.([a-z]+)\.[A-Z]", sources))
    ran = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert set(ran.stdout.split()) == used
