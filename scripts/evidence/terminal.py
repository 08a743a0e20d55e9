"""The audit on a terminal: one line for each host, the worst findings, where the evidence lies.

It speaks the current language; words that the pages have too are theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from scripts.evidence.changes import Change, Kind, counts
from scripts.evidence.results import Outcome, Result
from scripts.evidence.runs import Run
from scripts.evidence.said import chinese
from scripts.evidence.views import Failure, failures
from scripts.evidence.waiver import Decision
from scripts.evidence.words import Say
from stacks.language import CURRENT, SEPARATORS, Language, say

WORST = 8
"""Findings that are shown; the pages have all of them."""

NAMED = 3
"""Findings that the verb's last sentence names."""


def rendered(
    results: Sequence[Result], pages: Sequence[Path], unneeded: Sequence[Decision] = ()
) -> RenderableType:
    """What the verb prints.

    Args:
        unneeded: waivers that nothing needed.
    """
    worst = _worst([result for result in results if result.outcome.bad])
    more = len(worst) - WORST
    return Group(
        _table(results),
        *(_finding(failure) for failure in worst[:WORST]),
        *([Text(f"  {say('audit.more', count=more)}", style="dim")] if more > 0 else []),
        *(Text(f"⚖ {say('audit.unneeded', waiver=_phrase(waiver))}", style="yellow") for waiver in unneeded),
        *(Text(say("audit.evidence", page=page)) for page in pages),
        _verdict(results),
    )


def named(bad: Sequence[Result]) -> list[str]:
    """The worst findings for one sentence: what each check is for, and what was observed."""
    worst = _worst(bad)
    more = len(worst) - NAMED
    return [
        *(
            say(
                "audit.finding",
                title=_title(one).rstrip(".。"),
                what=_short(one.first.told(CURRENT.get()).observed),
            )
            for one in worst[:NAMED]
        ),
        *([say("audit.more", count=more)] if more > 0 else []),
    ]


def _title(failure: Failure) -> str:
    if failure.unmade:
        return say("audit.unmade", count=len(failure.results))
    return failure.first.told(CURRENT.get()).title


def _worst(bad: Sequence[Result]) -> list[Failure]:
    """What concerns most hosts first."""
    return sorted(failures(bad), key=lambda failure: -len(failure.results))


def _phrase(waiver: Decision) -> str:
    return chinese(waiver.phrase) if CURRENT.get() is Language.ZH else str(waiver.phrase)


def _words() -> Say:
    return Say(CURRENT.get())


def _table(results: Sequence[Result]) -> Table:
    words = _words()
    table = _columns(("tenant", "host"), OUTCOMES)
    ordered = sorted(results, key=lambda result: (result.tenant, result.host))
    for tenant, of_tenant in groupby(ordered, key=lambda result: result.tenant):
        for host, group in groupby(of_tenant, key=lambda result: result.host):
            table.add_row(tenant, host or f"({words('the-cloud')})", *_counts(list(group)))
    return table


OUTCOMES = (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.WAIVED, Outcome.NOT_APPLICABLE)


def _columns(names: Sequence[str], outcomes: Iterable[Outcome]) -> Table:
    words, table = _words(), Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    # Shorter than on the pages: five of them stand beside the names of tenant and host.
    headings = {
        Outcome.PASSED: say("audit.passed"),
        Outcome.FAILED: say("audit.not-passed"),
        Outcome.ERROR: say("audit.not-made"),
        Outcome.WAIVED: say("audit.waived"),
        Outcome.NOT_APPLICABLE: say("audit.not-applicable"),
    }
    for name in names:
        table.add_column(words(name), no_wrap=True)
    for outcome in outcomes:
        table.add_column(headings[outcome], justify="right", overflow="fold")
    return table


def _counts(results: list[Result]) -> list[Text]:
    styles = {Outcome.PASSED: "green", Outcome.FAILED: "bold red", Outcome.ERROR: "bold red"}
    counts = {outcome: sum(result.outcome is outcome for result in results) for outcome in OUTCOMES}
    return [Text(str(n), style=styles.get(outcome, "dim") if n else "dim") for outcome, n in counts.items()]


def _finding(failure: Failure) -> Text:
    told = failure.first.told(CURRENT.get())
    places = failure.hosts(_words()("the-cloud"))
    hosts = SEPARATORS[CURRENT.get()].join(places[:3])
    if places[3:]:
        hosts = say("audit.hosts", hosts=hosts, count=len(places) - 3)
    return Text.assemble(
        (f"✗ {_title(failure)}", "red"),
        (f"  {hosts} · {_short(', '.join(failure.controls), 60)}\n", "dim"),
        f"    {say('audit.expected', what=_short(told.expected))}\n",
        f"    {say('audit.observed', what=_short(told.observed))}\n",
        f"    {say('audit.do', what=told.do)}",
    )


def _short(text: str, limit: int = 160) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= limit else one_line[: limit - 1] + "…"


def _verdict(results: Sequence[Result]) -> Text:
    bad = sum(result.outcome.bad for result in results)
    waived = sum(result.outcome is Outcome.WAIVED for result in results)
    hosts = {result.host for result in results if result.host}
    extent = say("audit.extent", checks=len(results), hosts=len(hosts))
    if bad:
        return Text(f"✗ {say('audit.bad', count=bad, extent=extent)}", style="bold red")
    if waived:
        return Text(f"✓ {say('audit.borne', count=waived, extent=extent)}", style="bold yellow")
    return Text(f"✓ {say('audit.good', extent=extent)}", style="bold green")


def changed(changes: Sequence[Change], since: str) -> RenderableType:
    """What `--since` prints: how much changed, and the changes that matter most."""
    words = _words()
    numbers = [
        say("audit.counted", count=count, kind=words(f"kind-{kind.name}"))
        for kind, count in counts(changes).items()
        if count
    ]
    told = SEPARATORS[CURRENT.get()].join(numbers) if numbers else say("audit.unchanged")
    more = len(changes) - WORST
    return Group(
        Text(say("audit.since", run=since, changes=told), style="bold"),
        *(_change(change) for change in changes[:WORST]),
        *([Text(f"  {say('audit.more-changes', count=more)}", style="dim")] if more > 0 else []),
    )


def _change(change: Change) -> Text:
    words = _words()
    styles = {Kind.FAILED: "red", Kind.LOST: "yellow", Kind.MENDED: "green"}
    where = f"{change.result.tenant} · {change.result.host or words('the-cloud')}"
    title = change.result.told(CURRENT.get()).title
    what = say("audit.change", kind=words(f"kind-{change.kind.name}"), title=title)
    return Text.assemble((f"  {what}", styles.get(change.kind, "")), (f"  {where}", "dim"))


def listed(runs: Sequence[Run]) -> RenderableType:
    """What `govcloud runs` prints, the newest last."""
    words = _words()
    table = _columns(("run", "tenants"), OUTCOMES)
    table.add_column(words("verdict"))
    for run in runs:
        good = Text(f"✓ {words('passed')}", style="green")
        verdict = good if run.passed else Text(f"✗ {words('not-passed')}", style="bold red")
        table.add_row(
            run.id, str(len(run.tenants)), *(str(run.count(one.value)) for one in OUTCOMES), verdict
        )
    return table
