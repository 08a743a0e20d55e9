"""`up` and `destroy` of stacks: locks explained, interruptions healed, failures said in one paragraph."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from scripts.engine.events import StackProgress
from scripts.engine.explain import explain
from scripts.engine.locks import Lock
from scripts.engine.pulumi import Pulumi
from scripts.engine.recovery import recover
from stacks.errors import CloudError
from stacks.settings import Settings

UP = ("up", "--yes", "--skip-preview", "--json")
DESTROY = ("destroy", "--yes", "--skip-preview", "--remove", "--json")

Watcher = Callable[[StackProgress], None]


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


async def operate(
    pulumi: Pulumi,
    settings: Settings,
    stack: str,
    command: tuple[str, ...],
    watch: Watcher,
    *,
    new: bool = False,
    keeping: frozenset[str] | None = None,
) -> Result:
    """Run one operation; a lock whose holder has died is cleared, and the operation tried once more.

    Args:
        new: the stack does not exist yet, so there is nothing to heal.
        keeping: names of the planned volumes; nothing is done where another, protected one would go with it.
            `None` where volumes may go.
    """
    started = time.monotonic()
    progress = await _attempt(pulumi, settings, stack, command, watch, new=new, keeping=keeping)
    lock = Lock.find("\n".join(progress.errors))
    if lock and lock.stale:
        await pulumi.unlock(stack)
        progress = await _attempt(pulumi, settings, stack, command, watch, new=False, keeping=keeping)
    elif lock:
        progress.errors = [
            f"stack {stack} is locked by {lock}. Wait until that is done; if it died, "
            f"run `govcloud unlock {stack}`."
        ]
    progress.finished = True
    watch(progress)
    errors = tuple(dict.fromkeys(explain(error) for error in progress.errors))
    return Result(stack, progress.changed, time.monotonic() - started, errors)


async def _attempt(
    pulumi: Pulumi,
    settings: Settings,
    stack: str,
    command: tuple[str, ...],
    watch: Watcher,
    *,
    new: bool,
    keeping: frozenset[str] | None,
) -> StackProgress:
    progress = StackProgress(stack)
    try:
        broken = await (_create(pulumi, stack) if new else recover(pulumi, settings, stack, keeping))
    except CloudError as error:
        progress.errors = [str(error)]
        return progress
    replaced = [f"--replace={urn}" for urn in broken] if command is UP else []
    programs = await pulumi.running_programs()

    def on_line(line: str) -> None:
        progress.feed(line)
        watch(progress)

    log = settings.home / "logs" / f"{stack}-{command[0]}.jsonl"
    code = await pulumi.stream(log, on_line, *command, *replaced, "--stack", stack, programs=programs)
    if code == 0:
        progress.errors = []
    elif not progress.errors:
        progress.errors = [f"pulumi ended with code {code}; its output is in {log}"]
    return progress


async def _create(pulumi: Pulumi, stack: str) -> list[str]:
    """Create the stack; nothing in it is broken yet."""
    await pulumi.create_stack(stack)
    return []


def raise_failures(results: list[Result]) -> None:
    """Say what failed, stack by stack.

    Raises:
        CloudError: at least one operation failed.
    """
    failed = [result for result in results if result.errors]
    if failed:
        text = "\n".join(f"stack {item.stack}: {'; '.join(item.errors)}" for item in failed)
        raise CloudError(text, "Mend the cause and run the same command again: what is done stays done.")
