"""Entry point of the `govcloud` command: registers the verbs and turns errors into exit codes."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import typer
from rich.markup import escape

from scripts import verbs
from scripts.console import err
from stacks.errors import GovcloudError


def build_app() -> typer.Typer:
    """The command with every verb found in `scripts.verbs`; a verb module has a `register(app)`."""
    app = typer.Typer(
        no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
    )
    for module in sorted(pkgutil.iter_modules(verbs.__path__), key=lambda m: m.name):
        importlib.import_module(f"{verbs.__name__}.{module.name}").register(app)
    return app


def main() -> None:
    """Run a verb; a `GovcloudError` becomes one paragraph on stderr and its exit code."""
    try:
        build_app()()
    except GovcloudError as error:
        err.print(f"[bold red]error:[/] {escape(error.what)}", highlight=False)
        if error.hint:
            err.print(f"  [bold]do:[/] {escape(error.hint)}", highlight=False)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        err.print("[yellow]interrupted; run the same command again to converge[/]")
        sys.exit(130)
