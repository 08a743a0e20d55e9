"""The plan of a thousand tenants, without a cloud.

Seconds are those of the processor: one thread computes and waits for nothing, so that other load on the
machine does not count.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from scripts.bench.crowd import member, write_crowd
from scripts.bench.figure import Figure, Measurement
from scripts.bench.workbench import Workbench
from stacks.plan import flows
from stacks.plan.allocation import allocate
from stacks.plan.landing_zone import plan_landing_zone
from stacks.plan.ledger import Ledger
from stacks.plan.matrix import matrix
from stacks.request.landing_zone import load
from stacks.request.tenant import TenantRequest

TENANTS, FLOWS = 1000, 10_000
COMMAND = "python -m scripts.bench plan"

T = TypeVar("T")


def _take(_bench: Workbench, _runs: int) -> Iterator[Figure]:
    """Every figure once; the memory is the peak of this process, reading included."""
    today = datetime.now(UTC).date()
    with tempfile.TemporaryDirectory(prefix="govcloud-bench-") as name:
        folder = Path(name) / "tenants"
        write_crowd(folder, TENANTS, FLOWS)
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
    late = TenantRequest.model_validate({**member(TENANTS, TENANTS + 1, 0), "id": "late"})
    more = (*requests, late)
    _, seconds = _timed(
        lambda: plan_landing_zone(platform, more, allocate(platform, more, ledger, today), today)
    )
    note = "addresses and the whole plan anew; processor time; reading the files comes before"
    yield Figure(f"one more tenant beside {TENANTS}", seconds, "s", 2, COMMAND, note)


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.process_time()
    return work(), time.process_time() - started


PLAN = Measurement("plan", "addresses, plan and matrix of a thousand tenants", _take, pure=True)
