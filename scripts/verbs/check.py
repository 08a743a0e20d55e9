"""`govcloud check`: every finding of every request file, without touching a cloud."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from scripts.console import out
from scripts.selection import Json
from stacks.errors import RequestError
from stacks.language import say
from stacks.request.diagnostics import Diagnostic, did_you_mean
from stacks.request.landing_zone import check as find
from stacks.request.landing_zone import errors
from stacks.settings import REPOSITORY, Settings

PAGES = REPOSITORY / "docs" / "rules"

Explain = Annotated[
    str | None, typer.Option("--explain", metavar="CODE", help="Print the page of a finding's code.")
]


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def check(as_json: Json = False, explain: Explain = None) -> None:
        """Check tenants/*.yaml and platform.yaml; exit code 2 when something is wrong."""
        if explain is not None:
            out.print(page(explain), markup=False)
            return
        zone, findings = find(Settings.from_environment().tenants)
        if as_json:
            out.print_json(json.dumps([_plain(finding) for finding in findings]))
        else:
            for finding in findings:
                out.print(str(finding), markup=False)
        if errors(findings) or zone is None:
            raise RequestError(f"{len(findings)} finding(s) in the requests.", say("check.correct"))
        if not as_json:
            out.print(f"[green]✓[/] {len(zone.tenants)} tenants and the platform are in order")


def page(code: str) -> str:
    """The page of a code.

    Raises:
        RequestError: there is no such code.
    """
    path = PAGES / f"{code.upper()}.md"
    if not path.is_file():
        codes = [file.stem for file in PAGES.glob("GC*.md")]
        raise RequestError(f"there is no code {code!r}; {did_you_mean(code.upper(), codes)}")
    return path.read_text(encoding="utf-8")


def _plain(finding: Diagnostic) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": str(finding.position.file),
        "line": finding.position.line,
        "column": finding.position.column,
        "message": finding.message,
    }
