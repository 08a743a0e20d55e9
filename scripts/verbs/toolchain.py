"""`govcloud toolchain`: make Pulumi usable and say where it is."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from scripts.console import out
from scripts.toolchain import ensure_toolchain
from stacks.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def toolchain(
        as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    ) -> None:
        """Make `pulumi`, its Python language host and the OpenStack provider usable.

        Takes a fitting pulumi from PATH, else the official release, else builds both from Go modules.
        """
        made = ensure_toolchain(Settings.from_environment())
        if as_json:
            result = {"source": made.source, "pulumi": str(made.pulumi), "environment": made.environment}
            out.print_json(json.dumps(result))
        else:
            out.print(f"{made.pulumi} ({made.source})", markup=False)
