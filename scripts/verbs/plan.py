"""`govcloud plan`: what the requests become, before anything is touched."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from scripts.console import out
from scripts.planning.explained import explained
from scripts.planning.quota import quota_data, quota_tables, quotas
from scripts.planning.report import as_json as plain
from scripts.planning.report import reports
from scripts.planning.terminal import detail, summary
from scripts.selection import Json, On, Tenants, day
from stacks.settings import Settings

Explain = Annotated[bool, typer.Option("--explain", help="Say where each value of the request came from.")]

Quota = Annotated[bool, typer.Option("--quota", help="Promised, used and free of the platform; all tenants.")]


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def plan(
        tenants: Tenants = None,
        on: On = None,
        explain: Explain = False,
        quota: Quota = False,
        as_json: Json = False,
    ) -> None:
        """Show what requests become: addresses, hosts, rules, flows, quota; without TENANT all, in short."""
        if explain:
            out.print(explained(Settings.from_environment().tenants, tenants), soft_wrap=False)
            return
        if quota:
            made = quotas(Settings.from_environment().tenants, day(on))
            out.print_json(json.dumps(quota_data(made))) if as_json else out.print(quota_tables(made))
            return
        shown = reports(Settings.from_environment().tenants, tenants, day(on))
        if as_json:
            out.print_json(json.dumps([plain(report) for report in shown]))
        elif tenants:
            for report in shown:
                out.print(detail(report), soft_wrap=False)
        else:
            out.print(summary(shown), soft_wrap=False)
