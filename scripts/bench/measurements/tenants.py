"""What a deployment costs above its floor: the same objects by openstacksdk, in the same run."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.bench.figure import Figure, Measurement, ratio
from scripts.bench.requests import empty
from scripts.bench.workbench import Workbench

GOAL = 1.3
MANY = 10
THREADS = 4
"""As many as the engine runs stacks side by side."""


def _take_tenant(bench: Workbench, runs: int) -> Iterator[Figure]:
    floor, plain, whole = list[float](), list[float](), list[float]()
    with bench.requested(empty(1)) as tenants:
        _teach_platform(bench, tenants)
        for _ in range(runs):
            with bench.floor(tenants) as built:
                floor.append(built.seconds)
            plain.append(_plain(bench, tenants[0]))
            whole.append(_whole(bench, tenants))
    command = "python -m scripts.bench tenant"
    yield ratio("a tenant without hosts: pulumi up / floor", plain, floor, GOAL, command)
    yield ratio("a tenant without hosts: govcloud up / floor", whole, floor, GOAL, command)


def _take_ten(bench: Workbench, runs: int) -> Iterator[Figure]:
    floor, whole = list[float](), list[float]()
    with bench.requested(*(empty(number) for number in range(1, MANY + 1))) as tenants:
        _teach_platform(bench, tenants)
        for _ in range(runs):
            with bench.floor(tenants, THREADS) as built:
                floor.append(built.seconds)
            whole.append(_whole(bench, tenants))
    command = "python -m scripts.bench ten"
    yield ratio(f"{MANY} tenants without hosts: govcloud up / floor", whole, floor, GOAL, command)


def _teach_platform(bench: Workbench, tenants: list[str]) -> None:
    """The platform's routes to the tenants are the same for either way, and come first."""
    bench.govcloud("up", tenants[0])
    bench.govcloud("destroy", tenants[0], "--yes")


def _plain(bench: Workbench, tenant: str) -> float:
    bench.pulumi("stack", "init", tenant, "--no-select")
    try:
        return bench.pulumi("up", "--yes", "--skip-preview", "--stack", tenant).seconds
    finally:
        bench.govcloud("destroy", tenant, "--yes")


def _whole(bench: Workbench, tenants: list[str]) -> float:
    try:
        return bench.govcloud("up", *tenants).seconds
    finally:
        bench.govcloud("destroy", *tenants, "--yes")


TENANT = Measurement("tenant", "a tenant without hosts against its floor", _take_tenant, runs=3)
TEN = Measurement("ten", "ten such tenants against four threads of the floor", _take_ten, runs=5)
