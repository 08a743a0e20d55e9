"""How long the lab takes to be there, and what it weighs."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from scripts.bench.figure import Figure, Measurement
from scripts.bench.workbench import Workbench
from scripts.lab.status import HOSTS


def _take(bench: Workbench, runs: int) -> Iterator[Figure]:
    fresh, again = [], []
    for _ in range(runs):
        bench.govcloud("lab", "wipe", "--yes")
        fresh.append(bench.govcloud("lab", "up").seconds)
        again.append(bench.govcloud("lab", "down").seconds + bench.govcloud("lab", "up").seconds)
    rows = bench.govcloud("lab", "status", "--json").json
    memory = sum(row["memory"] for row in rows if row["service"] != HOSTS)
    processes = sum(row["processes"] for row in rows if row["service"] != HOSTS)
    up = "govcloud lab wipe --yes && time govcloud lab up"
    note = "images and packages are there"
    yield Figure("lab from nothing", statistics.median(fresh), "s", 120, up, note)
    note = "a lab without hosts; state is kept"
    restart = "time (govcloud lab down && govcloud lab up)"
    yield Figure("lab stopped and started again", statistics.median(again), "s", 45, restart, note)
    status, note = "govcloud lab status", f"proportional set size of {processes} processes"
    yield Figure("memory of the control plane", memory / 2**30, "GiB", 3, status, note)


LAB = Measurement(
    "lab", "the lab from nothing, its restart and its memory", _take, own_lab=True, from_nothing=True
)
