"""`govcloud allocate`: write addresses for everything new into the ledger."""

from __future__ import annotations

import typer

from scripts.console import out
from scripts.engine.landing_zone import record_addresses
from stacks.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def allocate() -> None:
        """Record addresses of new tenants, segments and hosts in tenants/addresses.yaml."""
        _, new = record_addresses(Settings.from_environment())
        out.print(f"recorded: {', '.join(new)}" if new else "nothing new; every address is recorded")
