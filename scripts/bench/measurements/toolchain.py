"""How long Pulumi takes to be there."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from scripts.bench.figure import Figure, Measurement
from scripts.bench.workbench import Workbench
from scripts.toolchain.ensure import ensure_toolchain


def _take(bench: Workbench, runs: int) -> Iterator[Figure]:
    ensure_toolchain(bench.settings)
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        ensure_toolchain(bench.settings)
        seconds.append(time.perf_counter() - started)
    yield Figure(
        "toolchain, once it is made",
        statistics.median(seconds) * 1000,
        "ms",
        None,
        "python -m scripts.bench toolchain",
        f"median of {runs} calls in one process",
    )


TOOLCHAIN = Measurement("toolchain", "finding the toolchain", _take, runs=20)
