"""The `pulumi` command of this deployment: started so that it never outlives us, its output streamed."""

from __future__ import annotations

import asyncio
import ctypes
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

from scripts.engine import environment
from scripts.engine.locks import Lock
from scripts.engine.project import share_salt
from scripts.engine.state import add_stack
from stacks.errors import CloudError, MachineError
from stacks.settings import REPOSITORY, Settings

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that a process gets when its parent dies."""

POLL_SECONDS = 0.1
"""How often new output is looked for."""


PULUMI = ("pulumi", "--non-interactive")


def _die_with_parent() -> None:
    """If we are killed, Pulumi shall stop in an orderly way: finish what it is doing, save, unlock."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    code: int
    output: str
    errors: str


@dataclass(frozen=True)
class Programs:
    """How a command finds the process that runs all programs; empty where there is none."""

    arguments: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


class Pulumi:
    """Runs `pulumi` commands in the repository, with the deployment's environment."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._port: asyncio.Future[bytes] | None = None

    @cached_property
    def _environment(self) -> dict[str, str]:
        return environment.full(self._settings)

    async def _spawn(
        self, *command: str, stdout: int, stderr: int, variables: Mapping[str, str] | None = None
    ) -> Process:
        return await asyncio.create_subprocess_exec(
            *command,
            cwd=REPOSITORY,
            env={**self._environment, **(variables or {})},
            stdin=DEVNULL,
            stdout=stdout,
            stderr=stderr,
            preexec_fn=_die_with_parent,
        )

    @asynccontextmanager
    async def programs(self) -> AsyncIterator[None]:
        """While this is open, one process runs the programs of all stacks (`scripts.engine.programs`)."""
        log = self._settings.home / "logs" / "programs.log"
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with log.open("wb") as errors:
            process = await self._spawn(
                sys.executable, "-m", "scripts.engine.programs", stdout=PIPE, stderr=errors.fileno()
            )
        output = process.stdout or asyncio.StreamReader()
        self._port = asyncio.ensure_future(output.readline())
        try:
            yield
        finally:
            self._port = None
            if process.returncode is None:
                process.terminate()
            await process.wait()

    async def running_programs(self) -> Programs:
        """Where the process of `programs` is; a command that gets no answer from there fails.

        Raises:
            MachineError: it did not start.
        """
        if self._port is None:
            return Programs()
        port = (await self._port).decode().strip()
        if not port:
            raise MachineError(
                "the process that runs the stacks' programs did not start.",
                f"Look at {self._settings.home / 'logs' / 'programs.log'}.",
            )
        return Programs(
            (f"--client=127.0.0.1:{port}", "--exec-kind=auto.inline"),
            {"PULUMI_DEBUG_LANGUAGES": f"python:{port}"},
        )

    async def run(self, *arguments: str) -> Finished:
        """Run a command to its end."""
        process = await self._spawn(*PULUMI, *arguments, stdout=PIPE, stderr=PIPE)
        output, errors = await process.communicate()
        return Finished(process.returncode or 0, output.decode(), errors.decode())

    async def json(self, *arguments: str) -> Any:  # noqa: ANN401 - whatever the command prints
        """Run a command that prints JSON.

        Raises:
            CloudError: it failed.
        """
        finished = await self.run(*arguments, "--json")
        if finished.code != 0:
            raise CloudError(
                f"`pulumi {' '.join(arguments)}` failed: {finished.errors.strip()}",
                "Look at the state back end (PULUMI_BACKEND_URL), then run the command again.",
            )
        return json.loads(finished.output)

    async def stream(
        self,
        log: Path,
        on_line: Callable[[str], None],
        *arguments: str,
        programs: Programs,
        variables: Mapping[str, str],
    ) -> int:
        """Run a command and hand over each line of its output as it comes; the exit code is returned.

        The output goes to a file that is followed, not to a pipe: if we are killed, Pulumi must be able
        to go on writing until it has stopped in order.
        """
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with log.open("wb") as sink, log.open("rb") as source:
            process = await self._spawn(
                *PULUMI,
                *arguments,
                *programs.arguments,
                stdout=sink.fileno(),
                stderr=sink.fileno(),
                variables={**variables, **programs.variables},
            )
            waiting = asyncio.ensure_future(process.wait())
            while not waiting.done():
                await asyncio.wait([waiting], timeout=POLL_SECONDS)
                _forward(source, on_line)
            _forward(source, on_line)
        return waiting.result()

    async def state(self, stack: str) -> dict[str, Any]:
        """The state of a stack, as `pulumi stack export` gives it.

        Raises:
            CloudError: the state back end refused.
        """
        finished = await self.run("stack", "export", "--stack", stack)
        if finished.code != 0:
            raise CloudError(f"the state of stack {stack} cannot be read: {finished.errors.strip()}")
        state: dict[str, Any] = json.loads(finished.output)
        return state

    async def alter(self, stack: str, *arguments: str) -> Finished:
        """Run a command that alters a stack's state; a lock whose holder died is cleared first."""
        command = (*arguments, "--stack", stack)
        finished = await self.run(*command)
        lock = Lock.find(finished.errors)
        if lock and lock.stale:
            await self.unlock(stack)
            finished = await self.run(*command)
        return finished

    async def unlock(self, stack: str) -> Finished:
        """Clear the lock of a stack, whoever holds it."""
        return await self.run("cancel", "--yes", "--stack", stack)

    async def stacks(self) -> set[str]:
        """Names of the stacks that exist."""
        return {stack["name"].rsplit("/", 1)[-1] for stack in await self.json("stack", "ls")}

    async def create_stack(self, name: str) -> None:
        """Create an empty stack.

        Raises:
            CloudError: the state back end refused.
        """
        share_salt(self._settings, name)
        if add_stack(self._settings, name):
            return
        finished = await self.run("stack", "init", name, "--no-select")
        if finished.code != 0 and "already exists" not in finished.errors:
            raise CloudError(f"stack {name} cannot be created: {finished.errors.strip()}")


def _forward(source: BinaryIO, on_line: Callable[[str], None]) -> None:
    """Hand over the whole lines that have come since the last call; half a line is left for the next."""
    while True:
        start = source.tell()
        line = source.readline()
        if not line.endswith(b"\n"):
            source.seek(start)
            return
        on_line(line.decode(errors="replace").rstrip("\n"))
