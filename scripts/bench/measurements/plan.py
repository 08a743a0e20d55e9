"""The plan of a thousand tenants, without a cloud.

Seconds are those of the processor: one thread computes and waits for nothing, so that other load on the
machine does not count. What an operator waits for, one more tenant, is taken by the clock on the wall.
"""

from __future__ import annotations

import gc
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import yaml

from scripts.bench.crowd import member, write_crowd
from scripts.bench.figure import Figure, Measurement
from scripts.bench.workbench import Workbench
from stacks.plan import flows
from stacks.plan.allocation import allocate
from stacks.plan.landing_zone import plan_landing_zone
from stacks.plan.matrix import matrix
from stacks.request.landing_zone import load
from stacks.request.ledger import Ledger, read_ledger, write_ledger

TENANTS, FLOWS = 1000, 10_000
COMMAND = "python -m scripts.bench plan"

T = TypeVar("T")


def _take(_bench: Workbench, runs: int) -> Iterator[Figure]:
    """Every figure once but the last; the memory is the peak of this process, reading included."""
    today = datetime.now(UTC).date()
    with tempfile.TemporaryDirectory(prefix="govcloud-bench-") as name:
        folder = Path(name) / "tenants"
        write_crowd(folder, TENANTS, FLOWS)
        yield from _whole(folder, today)
        yield _one_more(folder, today, runs)


def _whole(folder: Path, today: date) -> Iterator[Figure]:
    zone, read = _timed(lambda: load(folder))
    platform, requests = zone.platform.value, zone.requests
    ledger, given = _timed(lambda: allocate(platform, requests, Ledger(), today))
    plan, planned = _timed(lambda: plan_landing_zone(platform, requests, ledger, today))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    between = sum(len(flow.tenants) > 1 for flow in flows.agreed(platform, requests))
    note = f"{between} flows between tenants; processor time; reading them {read:.1f} s more"
    yield Figure(f"plan of {TENANTS} tenants", given + planned, "s", 10, COMMAND, note)
    yield Figure(f"memory of the plan of {TENANTS} tenants", peak, "MiB", 500, COMMAND, "peak of the process")
    found, seconds = _timed(lambda: matrix(plan))
    note = f"{len(found.sources)} by {len(found.names)} pairs, {len(found.reaches)} openings; processor time"
    yield Figure(f"matrix of {TENANTS} tenants", seconds, "s", 10, COMMAND, note)
    write_ledger(folder, ledger)


def _one_more(folder: Path, today: date, runs: int) -> Figure:
    """A request comes into a folder whose addresses are recorded: everything is read and planned anew."""
    late = {**member(TENANTS, TENANTS + 1, 0), "id": "late"}
    text = yaml.dump(late, Dumper=yaml.CSafeDumper, allow_unicode=True)
    (folder / "late.yaml").write_text(text, encoding="utf-8")
    taken = []
    for _ in range(runs):
        gc.collect()  # What the run before left is none of this one's work.
        began, computed = time.perf_counter(), time.process_time()
        zone, ledger = load(folder), read_ledger(folder)
        read = time.perf_counter()
        platform, requests = zone.platform.value, zone.requests
        plan_landing_zone(platform, requests, allocate(platform, requests, ledger, today), today)
        ended = time.perf_counter()
        taken.append((ended - began, read - began, time.process_time() - computed))
    whole, reading, computing = sorted(taken)[len(taken) // 2]
    note = (
        f"median of {runs}; reading all files again took {reading:.2f} s; {computing:.2f} s of the processor"
    )
    return Figure(f"one more tenant beside {TENANTS}", whole, "s", 2, COMMAND, note)


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.process_time()
    return work(), time.process_time() - started


PLAN = Measurement("plan", "addresses, plan and matrix of a thousand tenants", _take, runs=3, pure=True)
