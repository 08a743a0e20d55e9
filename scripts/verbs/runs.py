"""`govcloud runs`: the audits that are kept, and their trend."""

from __future__ import annotations

import json

import typer
from pydantic import TypeAdapter

from scripts.console import out
from scripts.evidence import runs as kept
from scripts.evidence.terminal import listed
from scripts.evidence.words import file_name
from scripts.selection import Json
from scripts.spoken import Lang
from stacks.language import CURRENT, say
from stacks.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def runs(as_json: Json = False, _lang: Lang = None) -> None:
        """List the audits that are kept, the newest last."""
        settings = Settings.from_environment()
        known = kept.runs(settings)
        if as_json:
            plain = TypeAdapter(tuple[kept.Run, ...]).dump_python(known, mode="json")
            out.print_json(json.dumps(plain))
        elif known:
            out.print(listed(known), soft_wrap=False)
            page = file_name("index", CURRENT.get())
            out.print(say("runs.trend", page=kept.root(settings) / page), markup=False)
        else:
            out.print(say("runs.none"), markup=False)
