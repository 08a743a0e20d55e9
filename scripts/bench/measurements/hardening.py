"""What others think of the hosts: Lynis and OpenSCAP, before and after the hardening."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts.access.deployment import Deployment, open_deployment
from scripts.bench import referees
from scripts.bench.figure import Figure, Measurement
from scripts.bench.measurements.hosts import await_ssh
from scripts.bench.referees import Examiner, Referees, Verdict
from scripts.bench.requests import portal
from scripts.bench.workbench import Workbench
from scripts.console import err
from stacks.errors import HostError
from stacks.settings import REPOSITORY

REPORTS = REPOSITORY / "build" / "referees"
COMMAND = "python -m scripts.bench hardening"


def _take(bench: Workbench, _: int) -> Iterator[Figure]:
    listed = referees.read()
    stock = {**portal(), "id": "bench-stock", "publish": []}
    with (
        tempfile.TemporaryDirectory(prefix="govcloud-referees-") as work,
        bench.requested(portal(), stock) as (tenant, untouched),
    ):
        bench.govcloud("up", tenant, untouched)
        hosts = [await_ssh(bench, untouched), await_ssh(bench, tenant)]
        bench.govcloud("deploy", tenant)
        examiner = _examiner(open_deployment(bench.settings), listed, Path(work))
        before, after = (
            examiner.examine(host, REPORTS / state)
            for host, state in zip(hosts, ("stock", "hardened"), strict=True)
        )
        reasons = listed.reasons(examiner.kind(hosts[1]))
    _tell(after, reasons)
    yield from _figures(listed, before, after)


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
    err.print(f"reports: {REPORTS}")
    for rule in sorted(verdict.failed):
        err.print(f"  [red]fails[/] {rule}: {reasons.get(rule, 'no reason given')}")
    wrong = referees.disagreements(verdict.failed, reasons)
    if wrong:
        raise HostError("; ".join(wrong), f"Correct the baseline or {referees.FILE.name}.")


def _figures(listed: Referees, before: Verdict, after: Verdict) -> Iterator[Figure]:
    note = "Lynis as Debian ships it, on a container host with a portal"
    yield Figure("Lynis, stock host", before.index, "", None, COMMAND, note)
    yield Figure("Lynis, hardened host", after.index, "", listed.lynis.container, COMMAND, note, floor=True)
    for name, verdict, goal in (
        ("stock", before, None),
        ("hardened", after, listed.openscap.container),
    ):
        note = f"{len(verdict.passed)} of {verdict.applicable} applicable rules, on a container host"
        title = f"ANSSI BP-028 enhanced, {name} host"
        yield Figure(title, verdict.share, "%", goal, COMMAND, note, floor=True)


HARDENING = Measurement("hardening", "Lynis and OpenSCAP before and after the hardening", _take)
