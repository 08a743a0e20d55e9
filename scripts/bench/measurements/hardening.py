"""What others think of the hosts: Lynis and OpenSCAP, before and after the hardening."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.access.deployment import Deployment, open_deployment
from scripts.bench import referees
from scripts.bench.figure import Figure, Measurement
from scripts.bench.measurements.hosts import await_ssh
from scripts.bench.referees import Examiner, Kind, Referees, Verdict
from scripts.bench.requests import portal
from scripts.bench.workbench import Workbench
from scripts.console import err
from stacks.errors import HostError
from stacks.settings import REPOSITORY

REPORTS = REPOSITORY / "build" / "referees"
KINDS: dict[Kind, str] = {"container": "container host", "vm": "host with a kernel of its own"}
"""How figures call each kind of host."""


def _take_containers(bench: Workbench, _: int) -> Iterator[Figure]:
    yield from _take(bench, "container", "hardening")


def _take_own_kernels(bench: Workbench, _: int) -> Iterator[Figure]:
    bench.govcloud("lab", "up", "--hosts", "both")
    with bench.own_kernels(portal()["classification"]):
        yield from _take(bench, "vm", "hardening-own-kernel")


def _take(bench: Workbench, kind: Kind, name: str) -> Iterator[Figure]:
    listed, reports = referees.read(), REPORTS / kind
    stock = {**portal(), "id": "bench-stock", "publish": []}
    with (
        tempfile.TemporaryDirectory(prefix="govcloud-referees-") as work,
        bench.requested(portal(), stock) as (tenant, untouched),
    ):
        bench.govcloud("up", tenant, untouched)
        stock_host, host = await_ssh(bench, untouched), await_ssh(bench, tenant)
        examiner = _examiner(open_deployment(bench.settings), listed, Path(work))
        found = examiner.kind(host)
        if found != kind:
            raise HostError(f"{host} is a {found}, not a {kind}.", "Look where Nova placed it.")
        # Side by side: on an emulated host each of them takes as long as the other.
        with ThreadPoolExecutor(max_workers=1) as pool:
            stock_verdict = pool.submit(examiner.examine, stock_host, reports / "stock")
            bench.govcloud("deploy", tenant)
            after = examiner.examine(host, reports / "hardened")
            before = stock_verdict.result()
    err.print(f"reports: {reports}")
    _tell(after, listed.reasons(kind))
    yield from _figures(listed, kind, before, after, f"python -m scripts.bench {name}")


def _examiner(deployment: Deployment, listed: Referees, work: Path) -> Examiner:
    core = deployment.plan.platform.platform.core_services
    source = f"deb [signed-by={core.packages_key}] {core.packages} {core.packages_suite} main\n"
    content = referees.content(listed.openscap, work / "content")
    return Examiner(deployment.ssh_config, source, content, listed.openscap.profile)


def _tell(verdict: Verdict, reasons: dict[str, str]) -> None:
    """Print the rules that fail, each with its reason.

    Raises:
        HostError: they are not those of the list.
    """
    for rule in sorted(verdict.failed):
        err.print(f"  [red]fails[/] {rule}: {reasons.get(rule, 'no reason given')}")
    wrong = referees.disagreements(verdict.failed, reasons)
    if wrong:
        raise HostError("; ".join(wrong), f"Correct the baseline or {referees.FILE.name}.")


def _figures(listed: Referees, kind: Kind, before: Verdict, after: Verdict, command: str) -> Iterator[Figure]:
    host, suffix = KINDS[kind], "" if kind == "container" else ", own kernel"
    index, share = listed.goals(kind)
    note = f"Lynis as Debian ships it, on a {host} with a portal"
    yield Figure(f"Lynis, stock host{suffix}", before.index, "", None, command, note)
    yield Figure(f"Lynis, hardened host{suffix}", after.index, "", index, command, note, floor=True)
    for name, verdict, goal in (("stock", before, None), ("hardened", after, share)):
        note = f"{len(verdict.passed)} of {verdict.applicable} applicable rules, on a {host}"
        title = f"ANSSI BP-028 enhanced, {name} host{suffix}"
        yield Figure(title, verdict.share, "%", goal, command, note, floor=True)


HARDENING = Measurement("hardening", "Lynis and OpenSCAP before and after the hardening", _take_containers)
HARDENING_OWN_KERNEL = Measurement(
    "hardening-own-kernel", "The same for a host with a kernel of its own", _take_own_kernels, own_lab=True
)
