"""`govcloud verify`: is a folder of evidence as it was when it was sealed?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from scripts.console import out
from scripts.evidence import runs, seal
from scripts.selection import Json
from scripts.spoken import Lang
from stacks.errors import RequestError, VerificationError
from stacks.language import say
from stacks.settings import Settings

Folder = Annotated[
    Path | None, typer.Argument(help="Folder of a run; the newest of this deployment otherwise.")
]
Fingerprint = Annotated[
    str | None,
    typer.Option("--fingerprint", help="Of the key that must have signed; this deployment's key otherwise."),
]

SHOWN = 20
"""Problems that are listed."""


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def verify(
        folder: Folder = None, fingerprint: Fingerprint = None, as_json: Json = False, _lang: Lang = None
    ) -> None:
        """Check evidence without a network: every file, and the signature; exit code 7 on any difference."""
        settings = Settings.from_environment()
        place = folder or runs.root(settings) / runs.LATEST
        verdict = seal.verify(place.resolve(), fingerprint or _own(settings))
        if as_json:
            out.print_json(json.dumps(vars(verdict)))
        for problem in verdict.problems[:SHOWN] if not as_json else ():
            out.print(f"✗ {problem}", markup=False, style="red")
        if verdict.problems:
            raise VerificationError(
                say("verify.differs", place=place, count=len(verdict.problems)), say("verify.another-copy")
            )
        if not as_json:
            out.print(f"✓ {say('verify.intact', count=verdict.files)}", style="green")
            out.print(f"  {say('verify.signed-by', fingerprint=verdict.fingerprint)}", markup=False)


def _own(settings: Settings) -> str:
    """The fingerprint of this deployment's key."""
    public = settings.home / "keys" / "evidence.pub"
    if not public.exists():
        raise RequestError(say("verify.whose"), say("verify.ask"))
    return seal.fingerprint(public)
