"""The option that says in which language a verb speaks; without it, the locale decides."""

from __future__ import annotations

from typing import Annotated

import typer

from stacks.language import CURRENT, Language


def _speak(language: Language | None) -> Language | None:
    if language is not None:
        CURRENT.set(language)  # for the rest of the process: also for the error that ends the verb
    return language


Lang = Annotated[
    Language | None,
    typer.Option("--lang", callback=_speak, is_eager=True, help="Language; the locale's otherwise."),
]
