"""`--help` in the language of who asks: the catalogue's words for what the verbs say of themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer
from typer import rich_utils
from typer.core import TyperArgument, TyperOption

from stacks.language import CURRENT, Language, entries

if TYPE_CHECKING:
    from typer._click.core import Command

HEADINGS = ("ARGUMENTS_PANEL_TITLE", "OPTIONS_PANEL_TITLE", "COMMANDS_PANEL_TITLE")
"""What Typer writes above its tables; it offers no other way to change them."""

OPTION = "--lang"


def asked_for(arguments: Sequence[str]) -> Language | None:
    """The language that a command line names; it has to be known before the command says what it is."""
    for word, value in zip(arguments, [*arguments[1:], ""], strict=True):
        name, equals, own = word.partition("=")
        chosen = own if equals else value
        if name == OPTION and chosen in set(Language):
            return Language(chosen)
    return None


def translate(command: Command) -> None:
    """Let a command and all below it explain themselves in the current language; English stays as it is."""
    if CURRENT.get() is Language.EN:
        return
    words = {text[Language.EN]: str(text[CURRENT.get()]) for text in entries("help").values()}
    for name in HEADINGS:
        title = getattr(rich_utils, name)
        setattr(rich_utils, name, words.get(title, title))
    for one in family(command):
        one.help = words.get(one.help or "", one.help)
        for described in parameters(one):
            described.help = words.get(described.help or "", described.help)


def family(command: Command) -> Iterator[Command]:
    """The command and every one below it."""
    yield command
    for child in getattr(command, "commands", {}).values():
        yield from family(child)


def parameters(command: Command) -> list[TyperArgument | TyperOption]:
    """What the command takes, `--help` included."""
    taken = command.get_params(typer.Context(command))
    return [one for one in taken if isinstance(one, TyperArgument | TyperOption)]
