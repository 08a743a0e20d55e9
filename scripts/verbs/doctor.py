"""`govcloud doctor`: does this cloud have what the landing zone needs?"""

from __future__ import annotations

import json
from collections.abc import Sequence

import typer
from rich import box
from rich.table import Table

from scripts.access.connection import connected
from scripts.console import err, out
from scripts.doctor.check import Examination, Result, State, examine, registry
from scripts.selection import Json
from stacks.cloud import cloud_access
from stacks.errors import CloudError
from stacks.plan.landing_zone import plan_from_folder
from stacks.settings import Settings

MARKS = {State.OK: "[green]✓[/]", State.SKIPPED: "[dim]-[/]"}


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def doctor(as_json: Json = False) -> None:
        """Ask the cloud for all that is needed, before anything is touched; exit code 5 if it lacks some."""
        settings = Settings.from_environment()
        access, plan = cloud_access(settings.cloud), plan_from_folder(settings.tenants, settings.today)
        results = []
        with connected(settings.cloud) as cloud, err.status("asking the cloud …") as status:
            for result in examine(Examination(settings, access, plan, cloud), registry()):
                status.update(f"asking the cloud … {result.check.title}")
                results.append(result)
        if as_json:
            out.print_json(json.dumps([_row(result) for result in results]))
        else:
            out.print(_table(results), soft_wrap=False)
            if not any(result.fatal for result in results):
                out.print(f"[green]✓[/] {settings.cloud} has what the landing zone needs")
        fatal = [result.check.title for result in results if result.fatal and result.finding.remedy]
        if fatal:
            raise CloudError(
                f"cloud {settings.cloud!r} lacks what is required: {', '.join(fatal)}.",
                "Do what the table says, then run `govcloud doctor` again; nothing was touched.",
            )


def _table(results: Sequence[Result]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("")
    table.add_column("what")
    table.add_column("found, and what to do", overflow="fold")
    for result in results:
        finding = result.finding
        mark = MARKS.get(finding.state, "[bold red]✗[/]" if result.fatal else "[yellow]○[/]")
        lines = [finding.detail]
        if finding.remedy:
            lines += [f"needed for: {result.check.needed_for}", f"do: {finding.remedy}"]
        table.add_row(mark, result.check.title, "\n".join(lines))
    return table


def _row(result: Result) -> dict[str, object]:
    return {
        "id": result.check.id,
        "title": result.check.title,
        "severity": result.check.severity,
        "needed_for": result.check.needed_for,
        "state": result.finding.state,
        "detail": result.finding.detail,
        "remedy": result.finding.remedy,
    }
