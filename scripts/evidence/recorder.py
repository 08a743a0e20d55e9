"""The pytest plugin that turns test reports into results, and results into evidence."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from scripts.evidence import waiver
from scripts.evidence.catalogue import read_catalogue
from scripts.evidence.estate import Estate
from scripts.evidence.finding import Finding
from scripts.evidence.results import Evidence, Outcome, Result, Told
from scripts.evidence.said import chinese, said
from scripts.evidence.said import title as titled
from scripts.evidence.target import PLATFORM, Target
from scripts.evidence.waiver import Decision
from stacks.errors import GovcloudError
from stacks.plan.model import TenantPlan

ANSWERS = {
    "hosts": frozenset({"facts", "own_kernel"}),
    "portals": frozenset({"portal"}),
    "cloud": frozenset({"cloud"}),
}
"""By which fixtures of the suite each of them is asked."""

NAME = "govcloud-recorder"
"""Under which the plugin is registered; there is one a session."""


@dataclass
class Recorder:
    """Collects one result for each check.

    Attributes:
        selected: how many checks were collected for each tenant and not deselected.
        deselected: tenants of which some checks were left out; their evidence would not be whole.
        written: the evidence that was made at the end.
        watch: told the number of results so far, after each.
        tell: told in words what is done after the last check.
        estate: what is being gathered already; `None` where the suite has to begin by itself.
        waivers: what may fail, by decision.
    """

    estate: Estate | None = None
    waivers: tuple[Decision, ...] = ()
    watch: Callable[[int], None] = lambda _: None
    tell: Callable[[str], None] = lambda _: None
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    results: list[Result] = field(default_factory=list)
    selected: dict[str, int] = field(default_factory=dict)
    deselected: set[str] = field(default_factory=set)
    written: tuple[Evidence, ...] = ()

    def pytest_deselected(self, items: Iterable[pytest.Item]) -> None:
        """Somebody chose checks by hand."""
        self.deselected |= {tenant_of(item) for item in items}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count what will run."""
        for item in session.items:
            tenant = tenant_of(item)
            self.selected[tenant] = self.selected.get(tenant, 0) + 1

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep the one report that decides: the call, or a set-up that went wrong."""
        report = yield
        if call.when == "call" or (call.when == "setup" and not report.passed):
            self.results.append(waiver.apply(_result(item, call, report), self.waivers))
            self.watch(len(self.results))
        return report

    def of(self, tenant: str) -> tuple[Result, ...]:
        """The results of one tenant."""
        return tuple(result for result in self.results if result.tenant == tenant)

    @property
    def whole(self) -> tuple[str, ...]:
        """Tenants of which every check has run."""
        return tuple(
            tenant
            for tenant, count in self.selected.items()
            if tenant not in self.deselected and len(self.of(tenant)) == count
        )


def short_report(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
    """The report of a finding or an unreachable host, which speak for themselves; `None` for all else.

    pytest would spend most of a bad audit's time on tracebacks that nobody reads.
    """
    error = call.excinfo.value if call.excinfo else None
    if call.when == "collect" or not isinstance(error, (Finding, GovcloudError)):
        return None
    return pytest.TestReport(
        nodeid=item.nodeid,
        location=item.location,
        keywords=dict.fromkeys(item.keywords, 1),
        outcome="failed",
        longrepr=str(error),
        when=call.when,
        duration=call.duration,
        start=call.start,
        stop=call.stop,
    )


def tenant_of(item: pytest.Item) -> str:
    """The tenant that a check belongs to."""
    for value in _parameters(item).values():
        if isinstance(value, Target):
            return value.tenant
        if isinstance(value, TenantPlan):
            return value.id
    return PLATFORM


def _parameters(item: pytest.Item) -> dict[str, Any]:
    found = getattr(item, "callspec", None)
    return dict(found.params) if found else {}


def _result(item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> Result:
    function = getattr(item, "function", None)
    module = item.nodeid.partition("::")[0].rpartition("/")[2]
    target = _parameters(item).get("target")
    outcome, *texts = _outcome(call, report)
    area = module.removeprefix("test_").removesuffix(".py")
    row = _parameters(item).get("row")
    check = getattr(item, "originalname", item.name).removeprefix("test_") + (f"[{row.name}]" if row else "")
    about = (inspect.getdoc(function) or item.name).partition("\n")[0]
    title = titled(about, row.phrase if row else "")
    expected, observed, do = map(str, texts)
    marked = [control for mark in item.iter_markers("control") for control in mark.args]
    return Result(
        tenant=tenant_of(item),
        host=target.name if isinstance(target, Target) else "",
        area=area,
        check=check,
        title=str(title),
        controls=read_catalogue().controls_of(f"{area}/{check}", marked),
        outcome=outcome,
        expected=expected,
        observed=observed,
        do=do,
        seconds=report.duration,
        zh=Told(title.chinese, *map(chinese, texts)),
        asked=asked(area, getattr(item, "fixturenames", ())),
        collected=_collected(getattr(item, "funcargs", {})),
    )


def asked(area: str, fixtures: Iterable[str]) -> tuple[str, ...]:
    """Who answers what a check judges.

    Args:
        area: the check's subject; waivers are read from files.
        fixtures: the names of what the check asks for.
    """
    names = set(fixtures)
    found = [where for where, by in ANSWERS.items() if names & by]
    return tuple(found or (["waivers"] if area == "waivers" else ["cloud"]))


def _collected(arguments: Mapping[str, object]) -> datetime | None:
    times = [float(getattr(arguments.get(name), "asked_at", 0.0)) for by in ANSWERS.values() for name in by]
    return datetime.fromtimestamp(max(times), UTC) if max(times) else None


def _outcome(call: pytest.CallInfo[None], report: pytest.TestReport) -> tuple[Outcome, str, str, str]:
    if report.passed:
        return Outcome.PASSED, "", "", ""
    error = call.excinfo.value if call.excinfo else None
    if report.skipped:
        return Outcome.NOT_APPLICABLE, "", str(error), ""
    if isinstance(error, Finding):
        return Outcome.FAILED, error.expected, error.observed, error.do
    if isinstance(error, GovcloudError):
        return Outcome.ERROR, said("the host and the cloud answer"), error.what, error.hint
    return (
        Outcome.ERROR,
        said("the check runs"),
        f"{type(error).__name__}: {error}",
        said("Report this defect of the check."),
    )
