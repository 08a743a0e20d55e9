"""`govcloud toolchain`: make Pulumi usable and say where it is."""

from __future__ import annotations

import json
import shlex
from typing import Annotated

import typer

from scripts.console import out
from scripts.settings import Settings
from scripts.toolchain import ensure_toolchain


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def toolchain(
        as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
        export: Annotated[
            bool, typer.Option(help='Print shell lines: eval "$(govcloud toolchain --export)"')
        ] = False,
    ) -> None:
        """Make `pulumi`, its Python language host and the OpenStack provider usable.

        Takes a fitting pulumi from PATH, else the official release, else builds both from Go modules.
        """
        made = ensure_toolchain(Settings.from_environment())
        if as_json:
            result = {"source": made.source, "pulumi": str(made.pulumi), "environment": made.environment}
            out.print_json(json.dumps(result))
        elif export:
            for name, value in made.environment.items():
                out.print(f"export {name}={shlex.quote(value)}", markup=False)
        else:
            out.print(f"{made.pulumi} ({made.source})", markup=False)
