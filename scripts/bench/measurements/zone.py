"""How long the whole landing zone takes."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from scripts.bench.figure import Figure, Measurement
from scripts.bench.workbench import Workbench
from stacks.plan.landing_zone import plan_from_folder

UP = "govcloud up --all"


def _take_zone(bench: Workbench, runs: int) -> Iterator[Figure]:
    bench.govcloud("up", "--all")
    seconds = []
    for _ in range(runs):
        bench.govcloud("destroy", "--all", "--yes")
        seconds.append(bench.govcloud("up", "--all").seconds)
    tenants = plan_from_folder(bench.tenants).tenants
    hosts = sum(len(tenant.hosts) for tenant in tenants)
    name = f"{len(tenants)} tenants with {hosts} hosts"
    command = f"govcloud destroy --all --yes && time {UP}"
    yield Figure(name, statistics.median(seconds), "s", 150, command, "the platform is up")


def _take_no_change(bench: Workbench, runs: int) -> Iterator[Figure]:
    bench.govcloud("up", "--all")
    seconds, changed = [], 0
    for _ in range(runs):
        ran = bench.govcloud("up", "--all", "--json")
        seconds.append(ran.seconds)
        changed += sum(stack["changed"] for stack in ran.json)
    note = f"median of {runs}; {changed} resources changed"
    yield Figure("the landing zone again, unchanged", statistics.median(seconds), "s", None, UP, note)


ZONE = Measurement("zone", "the example tenants with their hosts", _take_zone, own_lab=True)
NO_CHANGE = Measurement("nochange", "a second run that changes nothing", _take_no_change, runs=3)
