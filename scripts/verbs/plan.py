"""`govcloud plan`: what the requests become, before anything is touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer

from scripts.console import out
from scripts.planning import difference, matrix_text
from scripts.planning.explained import explained
from scripts.planning.matrix_picture import svg
from scripts.planning.quota import quota_data, quota_tables, quotas
from scripts.planning.report import Report, proposed, proposed_at, reports
from scripts.planning.report import as_json as plain
from scripts.planning.terminal import detail, summary
from scripts.selection import Json, On, Tenants, day, select
from scripts.spoken import Lang
from stacks.plan.matrix import Matrix, matrix
from stacks.plan.model import Plan
from stacks.settings import Settings


class Form(StrEnum):
    """How the matrix is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    SVG = "svg"


Explain = Annotated[bool, typer.Option("--explain", help="Say where each value of the request came from.")]

Quota = Annotated[bool, typer.Option("--quota", help="Promised, used and free of the platform; all tenants.")]

Shape = Annotated[Form | None, typer.Option("--matrix", help="Who reaches whom, computed from the plan.")]

Against = Annotated[
    str | None,
    typer.Option("--diff", metavar="REV", help="What changes against a Git revision."),
]


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def plan(
        tenants: Tenants = None,
        *,
        on: On = None,
        explain: Explain = False,
        quota: Quota = False,
        form: Shape = None,
        against: Against = None,
        as_json: Json = False,
        _lang: Lang = None,
    ) -> None:
        """Show what requests become: addresses, hosts, rules, flows, quota; without TENANT all, in short."""
        folder, today = Settings.from_environment().tenants, day(on)
        if explain:
            out.print(explained(folder, tenants), soft_wrap=False)
        elif quota:
            made = quotas(folder, today)
            out.print_json(json.dumps(quota_data(made))) if as_json else out.print(quota_tables(made))
        elif form:
            _print_matrix(proposed(folder, today), tenants, form)
        elif against:
            found = difference.difference(proposed_at(folder, against, today), proposed(folder, today))
            if as_json:
                out.print_json(json.dumps(difference.as_json(found, against)))
            else:
                out.print(difference.words(found, against))
        else:
            _print_reports(reports(folder, tenants, today), in_full=bool(tenants), as_json=as_json)


def _print_matrix(made: Plan, tenants: list[str] | None, form: Form) -> None:
    whole, chosen = matrix(made), select(made, tenants, everything=not tenants)
    shown = whole.of(chosen) if tenants else whole
    exchanges = sum(len(tenant.exchanges) for tenant in made.tenants if tenant.id in chosen)
    printers: dict[Form, Callable[[Matrix], None]] = {
        Form.TABLE: lambda item: out.print(matrix_text.table(item, exchanges), soft_wrap=False),
        Form.CSV: lambda item: typer.echo(matrix_text.as_csv(item), nl=False),
        Form.JSON: lambda item: typer.echo(json.dumps(matrix_text.as_json(item), ensure_ascii=False)),
        Form.SVG: lambda item: typer.echo(svg(made.platform.platform.name, item)),
    }
    printers[form](shown)


def _print_reports(shown: list[Report], *, in_full: bool, as_json: bool) -> None:
    if as_json:
        out.print_json(json.dumps([plain(report) for report in shown]))
    elif in_full:
        for report in shown:
            out.print(detail(report), soft_wrap=False)
    else:
        out.print(summary(shown), soft_wrap=False)
