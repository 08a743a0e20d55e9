"""`govcloud check`: every finding of every request file, without touching a cloud."""

from __future__ import annotations

import json

import typer

from scripts.console import out
from scripts.selection import Json
from stacks.errors import RequestError
from stacks.request.landing_zone import check as find
from stacks.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def check(as_json: Json = False) -> None:
        """Check tenants/*.yaml and platform.yaml; exit code 2 when something is wrong."""
        zone, findings = find(Settings.from_environment().tenants)
        if as_json:
            rows = [
                {
                    "file": str(finding.position.file),
                    "line": finding.position.line,
                    "column": finding.position.column,
                    "message": finding.message,
                }
                for finding in findings
            ]
            out.print_json(json.dumps(rows))
        else:
            for finding in findings:
                out.print(str(finding), markup=False)
        if findings or zone is None:
            raise RequestError(f"{len(findings)} finding(s) in the requests.", "Correct the lines above.")
        if not as_json:
            out.print(f"[green]✓[/] {len(zone.tenants)} tenants and the platform are in order")
