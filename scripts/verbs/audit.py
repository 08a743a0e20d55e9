"""`govcloud audit`: hosts, portals and cloud against the plan, with evidence for auditors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from scripts.access.auditor import open_audit
from scripts.console import err, out
from scripts.evidence import dossier, runs
from scripts.evidence.changes import Change, Kind, compare
from scripts.evidence.recorder import Recorder
from scripts.evidence.results import Result
from scripts.evidence.run import audit as run
from scripts.evidence.target import PLATFORM, targets
from scripts.evidence.terminal import changed, named, rendered
from scripts.evidence.waiver import unneeded
from scripts.evidence.words import file_name
from scripts.selection import All, Json, Tenants, select
from scripts.spoken import Lang
from stacks.errors import RequestError, VerificationError
from stacks.language import CURRENT, say
from stacks.plan.landing_zone import plan_from_folder
from stacks.plan.model import Plan
from stacks.request.diagnostics import did_you_mean
from stacks.settings import Settings

Hosts = Annotated[
    list[str] | None, typer.Option("--host", help="Only this host; no evidence is written then. Repeatable.")
]

Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="RUN",
        help="Tell what changed since a run (its id, its beginning, or `latest`); fail on new failures only.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def audit(
        tenants: Tenants = None,
        everything: All = False,
        host: Hosts = None,
        since: Since = None,
        as_json: Json = False,
        _lang: Lang = None,
    ) -> None:
        """Check tenants, or `platform`, against the plan; write evidence; exit code 7 on any difference."""
        settings = Settings.from_environment()
        plan = plan_from_folder(settings.tenants, settings.today)
        hosts = _hosts(plan, host)
        chosen = _tenants(plan, tenants, everything, hosts)
        earlier = _earlier(settings, since, hosts)
        with err.status(say("audit.reading")) as status:
            deployment = open_audit(settings)
            status.update(say("audit.asking"))
            found = run(
                deployment,
                chosen,
                hosts,
                lambda count: status.update(say("audit.made", count=count)),
                status.update,
            )
        changes = compare(runs.evidence_of(settings, earlier), found.written) if earlier else ()
        if as_json:
            out.print_json(json.dumps(_plain(found, settings, changes), default=str))
        else:
            page = file_name("index", CURRENT.get())
            pages = [dossier.folder(settings, item.tenant) / page for item in found.written]
            out.print(rendered(found.results, pages, unneeded(found.results, found.waivers)), soft_wrap=False)
            if earlier:
                out.print(changed(changes, earlier.id), soft_wrap=False)
        if earlier:
            _judge_changes(changes, earlier)
        else:
            _judge(found, settings)


def _tenants(plan: Plan, names: list[str] | None, everything: bool, hosts: list[str]) -> list[str]:
    if everything:
        return [PLATFORM, *select(plan, None, True)]
    if hosts and not names:
        return sorted({target.tenant for target in targets(plan) if target.name in hosts})
    shared = [PLATFORM] if PLATFORM in (names or ()) else []
    rest = [name for name in names or () if name != PLATFORM]
    return [*shared, *(select(plan, rest, False) if rest or not shared else [])]


def _hosts(plan: Plan, names: list[str] | None) -> list[str]:
    known = [target.name for target in targets(plan)]
    for name in names or ():
        if name not in known:
            raise RequestError(say("audit.unknown-host", name=name, hint=did_you_mean(name, known)))
    return list(names or ())


def _earlier(settings: Settings, name: str | None, hosts: list[str]) -> runs.Run | None:
    """The run to compare with; it is looked up before this run becomes the latest."""
    if name is None:
        return None
    if hosts:
        raise RequestError(say("audit.since-host"), say("audit.leave-host"))
    return runs.find(settings, name)


def _plain(found: Recorder, settings: Settings, changes: Sequence[Change]) -> dict[str, object]:
    pages = {item.tenant: str(dossier.folder(settings, item.tenant)) for item in found.written}
    return {
        "results": [asdict(result) for result in found.results],
        "evidence": pages,
        "unneeded waivers": [item.name for item in unneeded(found.results, found.waivers)],
        "changes": [{"kind": change.kind, **asdict(change.result)} for change in changes],
    }


def _judge_changes(changes: Sequence[Change], earlier: runs.Run) -> None:
    failed = [change.result for change in changes if change.kind is Kind.FAILED]
    if failed:
        raise VerificationError(
            say("audit.failed-anew", bad=len(failed), run=earlier.id, **_where_and_what(failed)),
            say("audit.above"),
        )


def _judge(found: Recorder, settings: Settings) -> None:
    bad = [result for result in found.results if result.outcome.bad]
    if bad:
        page = dossier.folder(settings) / file_name("index", CURRENT.get())
        raise VerificationError(
            say("audit.failed", bad=len(bad), all=len(found.results), **_where_and_what(bad)),
            say("audit.open", page=page) if found.written else say("audit.above"),
        )


def _where_and_what(bad: Sequence[Result]) -> dict[str, list[str]]:
    """Where something failed, each place once, and what: of a pipeline's log the end is what people see."""
    return {
        "hosts": sorted({result.host or say("audit.of-cloud", tenant=result.tenant) for result in bad}),
        "findings": named(bad),
    }
