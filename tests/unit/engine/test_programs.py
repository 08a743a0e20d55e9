"""The process that runs the stacks' programs: it says where it is, answers, and goes when it is told to."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, language_pb2, language_pb2_grpc

from stacks import watched
from stacks.errors import MachineError
from stacks.settings import REPOSITORY

Process = subprocess.Popen[str]
PATIENCE = 20.0
"""Seconds."""


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
    address = f"127.0.0.1:{int(process.stdout.readline())}"
    with grpc.insecure_channel(address) as channel:
        about = language_pb2_grpc.LanguageRuntimeStub(channel).About(language_pb2.AboutRequest(), timeout=20)
    assert about.executable == sys.executable
    process.send_signal(how)
    assert process.wait(20) == 0


ENGINE = "127.0.0.1:9"


def run_plugin(port: int, folder: Path) -> Generator[language_pb2.RunPluginResponse]:
    """What the process answers to an engine that wants a plugin of this folder; it ends when it is closed."""
    info = language_pb2.ProgramInfo(root_directory=str(folder), program_directory=str(folder))
    request = language_pb2.RunPluginRequest(args=[ENGINE], info=info, kind="analyzer")
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield from language_pb2_grpc.LanguageRuntimeStub(channel).RunPlugin(request, timeout=60)


def knocks() -> bool:
    watched.ENGINE.set(ENGINE)
    try:
        watched.require()
    except MachineError:
        return False
    return True


def test_it_serves_the_policy_pack_while_an_engine_listens(process: Process) -> None:
    assert process.stdout
    port = int(process.stdout.readline())
    assert not knocks()
    with closing(run_plugin(port, REPOSITORY / "policies")) as answers:
        with grpc.insecure_channel(f"127.0.0.1:{int(next(answers).stdout)}") as channel:
            kind, urn = "openstack:networking/rbacPolicyV2:RbacPolicyV2", "urn:pulumi:a::govcloud::k::gift"
            asked = analyzer_pb2.AnalyzeRequest(type=kind, urn=urn, name="gift")
            said = analyzer_pb2_grpc.AnalyzerStub(channel).Analyze(asked, timeout=60)
        assert knocks()
    assert "known-kinds" in {item.policyName for item in said.diagnostics}
    assert {item.enforcementLevel for item in said.diagnostics} == {analyzer_pb2.MANDATORY}
    deadline = time.monotonic() + PATIENCE
    while knocks():
        assert time.monotonic() < deadline, "the door stays open when the engine has gone"


def test_it_serves_no_other_plugin(process: Process, tmp_path: Path) -> None:
    assert process.stdout
    with pytest.raises(grpc.RpcError, match=r"only the policy pack .*policies is served here"):
        next(run_plugin(int(process.stdout.readline()), tmp_path))


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
