"""One process that runs the programs of all stacks: Python and Pulumi's SDK start once, not once a stack.

By itself `pulumi up` starts a language host and an interpreter for each stack's program, and another two for
the policy pack, which takes longer than most programs. With `--client` it asks this process for the program,
as Pulumi's Automation API does for inline programs; with PULUMI_DEBUG_LANGUAGES it asks it for the pack. What
is run is the same as by plain `pulumi up`: the packages `stacks` and `policies`, in the same environment.
"""

from __future__ import annotations

import runpy
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import grpc
import pulumi_openstack
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

import stacks.programs  # noqa: F401 - imported once, before the first program runs
from policies import pack
from policies.pack import Zone
from scripts.engine import unread
from stacks import watched
from stacks.settings import REPOSITORY

PACK = REPOSITORY / "policies"

THREADS = 16
"""More than programs and packs run side by side: each occupies one until its stack is done."""

PROVIDER_PACKAGES = ("blockstorage", "compute", "identity", "images", "networking")
"""The parts of the provider's SDK that the stacks use."""

PATIENCE = 600.0
"""Seconds that running programs get after a signal; Pulumi ends them when it has stopped in order."""


class Programs(LanguageServer):
    """Runs the package `stacks`, and serves the package `policies`, for each engine that asks.

    Args:
        zone: what the policies compare with.
    """

    def __init__(self, zone: Future[Zone]) -> None:
        super().__init__(_program)
        self._zone = zone

    def Handshake(  # noqa: N802 - the name that the protocol gives it
        self,
        request: language_pb2.LanguageHandshakeRequest,  # noqa: ARG002 - it says nothing that we need
        context: grpc.ServicerContext,  # noqa: ARG002 - as above
    ) -> language_pb2.LanguageHandshakeResponse:
        """Let an engine attach; without an answer it would not."""
        return language_pb2.LanguageHandshakeResponse()

    def RunPlugin(  # noqa: N802 - the name that the protocol gives it
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Serve the policy pack until the engine hangs up; the first argument is the engine's address."""
        ended = threading.Event()
        if Path(request.info.program_directory) != PACK:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"only the policy pack {PACK} is served here")
        if context.add_callback(ended.set):
            with pack.opened(request.args[0], self._zone) as port:
                yield language_pb2.RunPluginResponse(stdout=f"{port}\n".encode())
                ended.wait()

    def Run(  # noqa: N802 - the name that the protocol gives it
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        """Run one stack's program; the first argument is the engine's address."""
        watched.ENGINE.set(next(iter(request.args), ""))
        answer: language_pb2.RunResponse = super().Run(request, context)  # type: ignore[no-untyped-call] # theirs
        return answer


def load_provider() -> None:
    """Load the parts of the provider's SDK, which otherwise load themselves at their first use.

    Pulumi's lazy loader lets a second thread see a module that is half there (as CPython's, issue 114763).
    """
    for package in PROVIDER_PACKAGES:
        # Any name loads a package, but for those that introspection asks for.
        hasattr(getattr(pulumi_openstack, package), "__all__")


def serve() -> None:
    """Print the address, and answer until a signal comes and the programs that run have ended."""
    load_provider()
    unread.leave_out()
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with ThreadPoolExecutor(1) as worker:
        server = grpc.server(ThreadPoolExecutor(THREADS), options=[("grpc.max_receive_message_length", -1)])
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(Programs(pack.planned(worker)), server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        print(port, flush=True)  # noqa: T201 - the one line that our parent waits for
        signal.sigwait(signals)
        server.stop(PATIENCE).wait()


def _program() -> None:
    runpy.run_module("stacks", run_name="__main__")


if __name__ == "__main__":
    serve()
