"""Entry point of the `govcloud` command: registers the verbs and turns errors into exit codes."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from typing import NoReturn

import typer
from rich.markup import escape

from scripts import verbs
from scripts.console import err
from scripts.helptext import asked_for, translate
from stacks.errors import GovcloudError, MachineError
from stacks.language import CURRENT, from_environment, say

ABOUT = "A landing zone for governments: one shared OpenStack cloud, one YAML file per department."


def build_app(wanted: str | None = None) -> typer.Typer:
    """The command with the verbs found in `scripts.verbs`; a verb module has a `register(app)`.

    Args:
        wanted: the verb that is going to run; no other one is imported, because some take a second.
    """
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=ABOUT)
    app.callback()(lambda: None)  # keeps the verb's name a word of its own where it is the only one
    names = sorted(module.name for module in pkgutil.iter_modules(verbs.__path__))
    for name in [wanted] if wanted in names else names:
        importlib.import_module(f"{verbs.__name__}.{name}").register(app)
    return app


def main() -> None:
    """Run a verb; what went wrong becomes one paragraph on stderr and an exit code.

    What the system refuses (a full disk, a folder that cannot be written) is an error of the machine,
    wherever it was met.
    """
    CURRENT.set(asked_for(sys.argv) or from_environment())
    try:
        command = typer.main.get_command(build_app(next(iter(sys.argv[1:]), None)))
        translate(command)
        command()
    except GovcloudError as error:
        _stop(error)
    except OSError as error:
        _stop(MachineError(say("verb.refused-by-system", error=error), say("verb.mend-system")))
    except KeyboardInterrupt:
        err.print(f"[yellow]{say('verb.interrupted')}[/]")
        sys.exit(130)


def _stop(error: GovcloudError) -> NoReturn:
    err.print(f"[bold red]{say('verb.error')}[/] {escape(error.what)}", highlight=False)
    if error.hint:
        err.print(f"  [bold]{say('verb.advice')}[/] {escape(error.hint)}", highlight=False)
    sys.exit(error.exit_code)
