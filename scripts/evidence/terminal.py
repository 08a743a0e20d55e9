"""The audit on a terminal: one line for each host, the worst findings, where the evidence lies."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from scripts.evidence.changes import Change, Kind, counts
from scripts.evidence.results import Outcome, Result
from scripts.evidence.runs import Run
from scripts.evidence.views import Failure, failures
from scripts.evidence.waiver import Decision

WORST = 8
"""Findings that are shown; the pages have all of them."""


def rendered(
    results: Sequence[Result], pages: Sequence[Path], unneeded: Sequence[Decision] = ()
) -> RenderableType:
    """What the verb prints.

    Args:
        unneeded: waivers that nothing needed.
    """
    bad = failures([result for result in results if result.outcome.bad])
    # What concerns most hosts first.
    worst = sorted(bad, key=lambda failure: -len(failure.results))
    more = len(worst) - WORST
    return Group(
        _table(results),
        *(_finding(failure) for failure in worst[:WORST]),
        *([Text(f"  and {more} more findings", style="dim")] if more > 0 else []),
        *(Text(f"⚖ nothing needs the waiver {waiver}: remove it", style="yellow") for waiver in unneeded),
        *(Text(f"evidence: {page}") for page in pages),
        _verdict(results),
    )


def _table(results: Sequence[Result]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("tenant", no_wrap=True)
    table.add_column("host", no_wrap=True)
    for name in ("passed", "failed", "not checked", "waived", "not applicable"):
        table.add_column(name, justify="right")
    ordered = sorted(results, key=lambda result: (result.tenant, result.host))
    for tenant, of_tenant in groupby(ordered, key=lambda result: result.tenant):
        for host, group in groupby(of_tenant, key=lambda result: result.host):
            table.add_row(tenant, host or "(cloud)", *_counts(list(group)))
    return table


def _counts(results: list[Result]) -> list[Text]:
    styles = {Outcome.PASSED: "green", Outcome.FAILED: "bold red", Outcome.ERROR: "bold red"}
    order = (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.WAIVED, Outcome.NOT_APPLICABLE)
    counts = {outcome: sum(result.outcome is outcome for result in results) for outcome in order}
    return [Text(str(n), style=styles.get(outcome, "dim") if n else "dim") for outcome, n in counts.items()]


def _finding(failure: Failure) -> Text:
    first = failure.first
    hosts = ", ".join(failure.hosts[:3]) + (
        f" and {len(failure.hosts) - 3} more" if failure.hosts[3:] else ""
    )
    return Text.assemble(
        (f"✗ {failure.title}", "red"),
        (f"  {hosts} · {_short(', '.join(failure.controls), 60)}\n", "dim"),
        f"    expected {_short(first.expected)}\n    observed {_short(first.observed)}\n    do: {first.do}",
    )


def _short(text: str, limit: int = 160) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= limit else one_line[: limit - 1] + "…"


def _verdict(results: Sequence[Result]) -> Text:
    bad = sum(result.outcome.bad for result in results)
    hosts = {result.host for result in results if result.host}
    count = f"{len(results)} checks, {len(hosts)} hosts and the cloud"
    if bad:
        return Text(f"✗ {bad} checks speak against it ({count})", style="bold red")
    return Text(f"✓ everything that was checked is as planned ({count})", style="bold green")


def changed(changes: Sequence[Change], since: str) -> RenderableType:
    """What `--since` prints: how much changed, and the changes that matter most."""
    numbers = ", ".join(f"{count} {kind}" for kind, count in counts(changes).items() if count)
    shown = changes[:WORST]
    more = len(changes) - len(shown)
    return Group(
        Text(f"since {since}: {numbers or 'nothing changed'}", style="bold"),
        *(_change(change) for change in shown),
        *([Text(f"  and {more} more changes", style="dim")] if more > 0 else []),
    )


def _change(change: Change) -> Text:
    styles = {Kind.FAILED: "red", Kind.LOST: "yellow", Kind.MENDED: "green"}
    where = f"{change.result.tenant} · {change.result.host or 'cloud'}"
    return Text.assemble(
        (f"  {change.kind}: {change.result.title}", styles.get(change.kind, "")), (f"  {where}", "dim")
    )


def listed(runs: Sequence[Run]) -> RenderableType:
    """What `govcloud runs` prints, the newest last."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("run", no_wrap=True)
    for name in ("tenants", "passed", "failed", "not checked", "not applicable"):
        table.add_column(name, justify="right")
    table.add_column("verdict")
    for run in runs:
        outcomes = (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.NOT_APPLICABLE)
        verdict = Text("✓ passed", style="green") if run.passed else Text("✗ not passed", style="bold red")
        numbers = [str(run.count(outcome.value)) for outcome in outcomes]
        table.add_row(run.id, str(len(run.tenants)), *numbers, verdict)
    return table
