"""`govcloud check`: every finding of every request file, without touching a cloud."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from scripts.checking.formats import Format, as_github, as_gitlab, as_json
from scripts.checking.snippet import rendered
from scripts.console import out
from scripts.selection import Json
from scripts.spoken import Lang
from stacks.errors import RequestError
from stacks.language import say
from stacks.request.diagnostics import Diagnostic, did_you_mean
from stacks.request.landing_zone import check as find
from stacks.request.landing_zone import errors, in_order
from stacks.settings import REPOSITORY, Settings

PAGES = REPOSITORY / "docs" / "rules"

WRITERS = {Format.JSON: as_json, Format.GITHUB: as_github, Format.GITLAB: as_gitlab}

Files = Annotated[
    list[Path] | None,
    typer.Argument(help="Show the findings of these files only; all are read.", metavar="[FILE]..."),
]
Explain = Annotated[
    str | None, typer.Option("--explain", metavar="CODE", help="Print the page of a finding's code.")
]
Written = Annotated[Format, typer.Option("--format", help="For people, for programs, or for a CI system.")]


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def check(
        files: Files = None,
        written: Written = Format.TEXT,
        as_json: Json = False,
        explain: Explain = None,
        _lang: Lang = None,
    ) -> None:
        """Check tenants/*.yaml, platform.yaml and waivers; exit code 0 without errors, 2 with them."""
        if explain is not None:
            out.print(page(explain), markup=False)
            return
        settings = Settings.from_environment()
        zone, found = find(settings.tenants, settings.today)
        if zone is not None and not errors(found) and any(settings.waivers.glob("*.yaml")):
            found = in_order([*found, *_of_waivers(settings)])
        findings = concerned(found, files)
        form = Format.JSON if as_json else written
        _show(findings, form)
        if wrong := errors(findings):
            raise RequestError(_summary(wrong, findings), say("check.correct"))
        if form is Format.TEXT:
            tenants = 0 if zone is None else len(zone.tenants)
            passed = (
                say("check.files-in-order", count=len(files))
                if files
                else say("check.in-order", tenants=tenants)
            )
            out.print(f"[green]✓[/] {passed}")


def _of_waivers(settings: Settings) -> list[Diagnostic]:
    """What is wrong with waivers. They name hosts, so that they need the plan; a check alone does not."""
    from scripts.evidence.waiver import check as examine  # noqa: PLC0415 - most landing zones have none
    from stacks.plan.landing_zone import plan_from_folder  # noqa: PLC0415 - as above

    return examine(settings.waivers, plan_from_folder(settings.tenants, settings.today), settings.today)[1]


def _show(findings: Sequence[Diagnostic], form: Format) -> None:
    if form is Format.TEXT:
        for finding in findings:
            out.print(rendered(finding))
    elif findings or form is not Format.GITHUB:
        out.file.write(WRITERS[form](findings) + "\n")


def _summary(wrong: Sequence[Diagnostic], findings: Sequence[Diagnostic]) -> str:
    files = {finding.position.file for finding in findings}
    warnings = len(findings) - len(wrong)
    return say("check.summary", errors=len(wrong), warnings=warnings, files=len(files))


def concerned(findings: Sequence[Diagnostic], files: Sequence[Path] | None) -> list[Diagnostic]:
    """The findings of some files; all of them where none is named.

    Raises:
        RequestError: a file does not exist, or is none of those that are checked.
    """
    if not files:
        return list(findings)
    for file in files:
        if not file.exists():
            raise RequestError(say("check.no-such-file", file=file), say("check.name-files"))
    wanted = {file.resolve() for file in files}
    return [finding for finding in findings if finding.position.file.resolve() in wanted]


def page(code: str) -> str:
    """The page of a code.

    Raises:
        RequestError: there is no such code.
    """
    path = PAGES / f"{code.upper()}.md"
    if not path.is_file():
        codes = [file.stem for file in PAGES.glob("GC*.md")]
        raise RequestError(say("check.no-such-code", code=code, hint=did_you_mean(code.upper(), codes)))
    return path.read_text(encoding="utf-8")
