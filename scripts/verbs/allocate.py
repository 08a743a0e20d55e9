"""`govcloud allocate`: write addresses for everything new into the ledger, release what is not wanted."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer

from scripts.console import out
from scripts.engine.addresses import record_addresses
from scripts.selection import Json, On, day
from scripts.spoken import Lang
from stacks.language import say
from stacks.plan.space import rooms
from stacks.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def allocate(on: On = None, as_json: Json = False, _lang: Lang = None) -> None:
        """Record addresses of new tenants, segments and hosts in tenants/addresses.yaml; release old ones."""
        settings = Settings.from_environment()
        recorded = record_addresses(settings, day(on))
        change, room = recorded.change, rooms(recorded.plan.platform.platform, recorded.after)
        if as_json:
            out.print_json(
                json.dumps({**asdict(change), "room": [asdict(item) for item in room]}, default=str)
            )
            return
        free = [say("allocate.free", entry=entry) for entry in change.free]
        for mark, lines in (
            ("[green]+", change.given),
            ("[red]-", change.released),
            ("[yellow]○", free),
        ):
            for line in lines:
                out.print(f"{mark}[/] {line}")
        if not (change.given or change.released or change.free):
            out.print(say("allocate.nothing"))
        for item in room:
            out.print(str(item), style="dim")
