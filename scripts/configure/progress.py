"""How far each host is: a fold over ansible-runner's events, and its live table."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from rich.table import Table

from scripts.console import err
from scripts.live_table import LiveTable

Event = Mapping[str, Any]

ENDINGS = frozenset({"runner_on_ok", "runner_on_skipped", "runner_on_failed", "runner_on_unreachable"})
# Ansible's own steps: not in the playbook, so not counted.
UNCOUNTED = frozenset({"gather_facts", "ansible.builtin.gather_facts", "validate_argument_spec"})
GREETING = "greeting"
MESSAGE_LENGTH = 800
"""Characters of one text that an error shows; the end of a long output says most."""
IMPLICIT = "Validating arguments against arg spec"


@dataclass(frozen=True)
class Failure:
    """Why a host was not configured.

    Attributes:
        task: what was being done, `role: task`.
        message: what the host or SSH said.
        unreachable: whether the host was lost rather than refusing.
    """

    task: str
    message: str
    unreachable: bool = False


@dataclass(frozen=True)
class HostProgress:
    """How far one host is.

    Attributes:
        total: tasks that it goes through; those of Ansible itself are not counted.
        changed: the tasks that changed something, `role: task`.
        current: the role and task that it is at.
    """

    name: str
    total: int
    done: int = 0
    changed: tuple[str, ...] = ()
    current: str = GREETING
    failure: Failure | None = None


def advance(progress: HostProgress, event: Event) -> HostProgress:
    """The state after one of this host's events."""
    data = event["event_data"]
    task = _task(data)
    if event["event"] == "runner_on_start":
        return replace(progress, current=task)
    if event["event"] not in ENDINGS:
        return progress
    failure = progress.failure or _failure(event["event"], data, task)
    counted = data.get("task_action") not in UNCOUNTED and not data["task"].startswith(IMPLICIT)
    changed = event["event"] == "runner_on_ok" and bool(data.get("res", {}).get("changed"))
    return replace(
        progress,
        done=progress.done + counted,
        changed=(*progress.changed, task) if changed else progress.changed,
        failure=failure,
    )


def _task(data: Mapping[str, Any]) -> str:
    role, task = data.get("role"), data.get("task", "")
    return f"{role}: {task}" if role else str(task)


def _failure(kind: str, data: Mapping[str, Any], task: str) -> Failure | None:
    if kind not in ("runner_on_failed", "runner_on_unreachable") or data.get("ignore_errors"):
        return None
    return Failure(task, _message(data.get("res", {})), kind == "runner_on_unreachable")


def _message(result: Mapping[str, Any]) -> str:
    """The texts of a failed task that a person can use, once each; a loop's own text says nothing."""
    items = [item for item in result.get("results", []) if item.get("failed") or item.get("unreachable")]
    texts = [text for source in items or [result] for text in _said(source)]
    return "; ".join(dict.fromkeys(texts)) or "no message"


def _said(result: Mapping[str, Any]) -> Iterator[str]:
    command = result.get("cmd", "")
    words = " ".join(command) if isinstance(command, list) else str(command)
    for text in (result.get("msg"), result.get("stderr"), words and f"command: {words}"):
        if text and str(text).strip():
            yield str(text).strip()[-MESSAGE_LENGTH:]


class HostTable(LiveTable):
    """Shows each host's progress; a context manager whose `watch` is the runner's event handler."""

    def __init__(self, hosts: Iterable[HostProgress]) -> None:
        self.hosts = {host.name: host for host in hosts}
        self._started = time.monotonic()
        super().__init__()  # draws the first table

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave one line a host on the screen."""
        super().__exit__(kind, error, trace)
        for host in self.hosts.values():
            err.print(self._line(host))

    def lose(self, unreachable: Mapping[str, str]) -> None:
        """Mark hosts that did not answer the greeting, with what SSH said."""
        for name, said in unreachable.items():
            self.hosts[name] = replace(self.hosts[name], failure=Failure(GREETING, said, unreachable=True))

    def renew_lost(self) -> list[str]:
        """Put hosts that answered, and were lost on the way, back to their start; returns their names."""
        lost = [
            host
            for host in self.hosts.values()
            if host.failure and host.failure.unreachable and host.failure.task != GREETING
        ]
        names = [host.name for host in lost]
        self.renew(names)
        return names

    def renew(self, names: Iterable[str]) -> None:
        """Put hosts back to their start."""
        for name in names:
            self.hosts[name] = HostProgress(name, self.hosts[name].total)

    def watch(self, event: Event) -> bool:
        """Take an event; true keeps it in the run's records."""
        name = event.get("event_data", {}).get("host")
        if name in self.hosts:
            before, after = self.hosts[name], advance(self.hosts[name], event)
            self.hosts[name] = after
            if not err.is_terminal and after.current.split(":")[0] != before.current.split(":")[0]:
                err.print(f"  {name}: {after.current.split(':')[0]} ({after.done}/{after.total})")
        return event["event"] in ENDINGS or event["event"] == "playbook_on_stats"

    def _line(self, host: HostProgress) -> str:
        mark = "[red]✗[/]" if host.failure else "[green]✓[/]"
        return f"{mark} {host.name}: {host.done}/{host.total} tasks, {len(host.changed)} changed"

    def _table(self) -> Table:
        table = Table(box=None, show_header=False, padding=(0, 1))
        for _ in range(3):
            table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, overflow="ellipsis")
        seconds = f"{time.monotonic() - self._started:.0f} s"
        for host in self.hosts.values():
            state = f"[red]{host.failure.task}[/]" if host.failure else host.current
            table.add_row(f"[cyan]{host.name}[/]", f"{host.done}/{host.total}", seconds, state)
        return table
