"""What runs in the lab, how healthy it is and what it costs: asked of the services, never of files."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from rich.table import Table

from scripts.lab import catalog, health
from scripts.lab.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.lab.box import Box

# Names of the two rows that are not services.
HOSTS, OTHERS = "(hosts)", "(others)"


@dataclass(frozen=True)
class Row:
    """One service, as it is now.

    Attributes:
        pid: its first process, as the machine counts; None when it does not run.
        problem: why it is not healthy; empty when it is.
        memory: proportional set size of all its processes, in bytes.
        processes: how many these are.
    """

    service: str
    pid: int | None
    problem: str
    memory: int
    processes: int


def services(box: Box) -> tuple[Service, ...]:
    """The services that this lab should run."""
    return tuple(node for node in catalog.nodes(box.lab) if isinstance(node, Service))


def read(box: Box) -> list[Row]:
    """Ask every service and measure every process of the box."""
    wanted = services(box)
    with ThreadPoolExecutor(len(wanted)) as pool:
        problems = list(pool.map(lambda one: health.ask(one.name, one.health, box), wanted))
    leaders = {one.pid: name for name, one in box.services().items() if one.exit is None}
    pids, memory, count = dict[str, int](), Counter[str](), Counter[str]()
    for name, process, in_box in _processes(box, leaders):
        count[name] += 1
        memory[name] += process.memory_full_info().pss
        if leaders.get(in_box) == name:
            pids[name] = process.pid
    rows = [
        Row(one.name, pids.get(one.name), problem, memory[one.name], count[one.name])
        for one, problem in zip(wanted, problems, strict=True)
    ]
    return rows + [Row(name, None, "", memory[name], count[name]) for name in (HOSTS, OTHERS) if count[name]]


def _processes(box: Box, leaders: dict[int, str]) -> Iterator[tuple[str, psutil.Process, int]]:
    """Every process of the box with the service that it belongs to and its number in the box."""
    numbers = {process: ids for process in psutil.process_iter() if (ids := _numbers(process.pid))}
    own = next(len(ids) for process, ids in numbers.items() if process.pid == box.pid)
    inside = {
        process: ids for process, ids in numbers.items() if len(ids) >= own and _is_inside(process.pid, box)
    }
    in_box = {process.pid: ids[own - 1] for process, ids in inside.items()}
    for process, ids in inside.items():
        try:
            session = in_box.get(os.getsid(process.pid), 0)
            name = HOSTS if len(ids) > own else leaders.get(session) or _label(process)
            yield name, process, ids[own - 1]
        except (psutil.Error, ProcessLookupError):  # it ended meanwhile
            continue


def _numbers(pid: int) -> list[int]:
    """The process's number in each namespace from the machine's inwards."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return []
    return next([int(word) for word in line.split()[1:]] for line in lines if line.startswith("NSpid:"))


def _is_inside(pid: int, box: Box) -> bool:
    """Whether the process lives in the box's tree: in its cgroup branch, which everything inherits."""
    try:
        return box.branch in Path(f"/proc/{pid}/cgroup").read_text()
    except OSError:
        return False


def _label(process: psutil.Process) -> str:
    """The service that a daemon belongs to which left its session; hosts' keepers have no environment."""
    if process.name().startswith(("libvirt_lxc", "qemu-system-")):
        return HOSTS
    return process.environ().get("GOVCLOUD_LAB_SERVICE") or OTHERS


def table(rows: list[Row]) -> Table:
    """The rows for a person."""
    view = Table(box=None, pad_edge=False)
    view.add_column("service")
    view.add_column("health")
    for title in ("pid", "processes", "memory MiB"):
        view.add_column(title, justify="right")
    for row in rows:
        verdict = f"[red]{row.problem}[/]" if row.problem else "[green]healthy[/]"
        if row.service in {HOSTS, OTHERS}:
            verdict = ""
        memory = f"{row.memory / 2**20:.0f}"
        view.add_row(row.service, verdict, str(row.pid or ""), str(row.processes or ""), memory)
    total = sum(row.memory for row in rows) / 2**20
    view.add_row("[bold]all[/]", "", "", str(sum(row.processes for row in rows)), f"[bold]{total:.0f}[/]")
    return view
