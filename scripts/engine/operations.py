"""`up` and `destroy` of stacks: locks explained, interruptions healed, failures said in one paragraph."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from scripts.engine.events import StackProgress
from scripts.engine.explain import explain
from scripts.engine.locks import Lock
from scripts.engine.pulumi import Pulumi
from scripts.engine.recovery import recover
from scripts.engine.sharing import ALONE, Share
from scripts.engine.volumes import release_volumes
from stacks.errors import CloudError
from stacks.settings import Settings

UP = ("up", "--yes", "--skip-preview", "--json")
DESTROY = ("destroy", "--yes", "--skip-preview", "--remove", "--json")

Watcher = Callable[[StackProgress], None]


@dataclass(frozen=True)
class Operation:
    """What is asked of one stack.

    Attributes:
        command: `UP` or `DESTROY`.
        share: what it gets of the cloud and of this machine.
        new: the stack does not exist yet, so there is nothing to heal.
        keeping: names of the planned volumes; nothing is done where another, protected one would go with it.
            `None` where volumes may go.
    """

    stack: str
    command: tuple[str, ...]
    share: Share = ALONE
    new: bool = False
    keeping: frozenset[str] | None = None


@dataclass(frozen=True)
class Result:
    """How an operation on one stack ended.

    Attributes:
        changed: resources of the cloud that were created, updated or deleted.
        seconds: wall time.
        errors: empty when it succeeded.
    """

    stack: str
    changed: int
    seconds: float
    errors: tuple[str, ...]


async def operate(pulumi: Pulumi, settings: Settings, operation: Operation, watch: Watcher) -> Result:
    """Run one operation; a lock whose holder has died is cleared, and the operation tried once more."""
    started, stack = time.monotonic(), operation.stack
    progress = await _attempt(pulumi, settings, operation, watch)
    lock = Lock.find("\n".join(progress.errors))
    if lock and lock.stale:
        await pulumi.unlock(stack)
        progress = await _attempt(pulumi, settings, replace(operation, new=False), watch)
    elif lock:
        progress.errors = [
            f"stack {stack} is locked by {lock}. Wait until that is done; if it died, "
            f"run `govcloud unlock {stack}`."
        ]
    progress.finished = True
    watch(progress)
    errors = tuple(dict.fromkeys(explain(error) for error in progress.errors))
    return Result(stack, progress.changed, time.monotonic() - started, errors)


async def _attempt(pulumi: Pulumi, settings: Settings, operation: Operation, watch: Watcher) -> StackProgress:
    stack, command, share = operation.stack, operation.command, operation.share
    options = share.options
    progress = StackProgress(stack)
    try:
        if operation.new:
            await pulumi.create_stack(stack)
        else:
            broken = await recover(pulumi, settings, stack, operation.keeping)
            if command is UP:
                options += tuple(f"--replace={urn}" for urn in broken)
            elif command is DESTROY:
                await release_volumes(pulumi, stack)
    except CloudError as error:
        progress.errors = [str(error)]
        return progress
    programs = await pulumi.running_programs()

    def on_line(line: str) -> None:
        progress.feed(line)
        watch(progress)

    log = settings.home / "logs" / f"{stack}-{command[0]}.jsonl"
    code = await pulumi.stream(
        log, on_line, *command, *options, "--stack", stack, programs=programs, variables=share.variables
    )
    if code == 0:
        progress.errors = []
    elif not progress.errors:
        progress.errors = [f"pulumi ended with code {code}; its output is in {log}"]
    return progress


def raise_failures(results: list[Result]) -> None:
    """Say what failed, stack by stack.

    Raises:
        CloudError: at least one operation failed.
    """
    failed = [result for result in results if result.errors]
    if failed:
        text = "\n".join(f"stack {item.stack}: {'; '.join(item.errors)}" for item in failed)
        raise CloudError(text, "Mend the cause and run the same command again: what is done stays done.")
