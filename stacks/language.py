"""What the landing zone says to departments, in their language: one catalogue, `stacks/messages/`.

A file of the catalogue holds one code (`GC043.yaml`) or the texts of one verb (`plan.yaml`); a text is
written once in every language, side by side, and is called by `file.entry`. Files are read when they are
first needed, so that a run which finds nothing wrong reads none.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

CATALOGUE = Path(__file__).with_name("messages")


class Language(StrEnum):
    """A language of the catalogue."""

    EN = "en"
    ZH = "zh"


SEPARATORS = {Language.EN: ", ", Language.ZH: "、"}
"""Between the items of a list that stands in a sentence."""

CURRENT: ContextVar[Language] = ContextVar("language", default=Language.EN)
"""What the person who runs this reads; a verb sets it, everything else says what it has to say in it."""


def from_environment(environment: Mapping[str, str] = os.environ) -> Language:
    """The language of the locale (POSIX: `LC_ALL`, else `LC_MESSAGES`, else `LANG`); English otherwise."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), "")
    return Language.ZH if locale.lower().startswith("zh") else Language.EN


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Say what is said within the block in a language, whatever the current one is."""
    before = CURRENT.set(language)
    try:
        yield
    finally:
        CURRENT.reset(before)


def say(text: str, /, **values: object) -> str:
    """A text of the catalogue in the current language, with its values filled in.

    Raises:
        KeyError: the catalogue has no such text, or the text needs a value that is not given.
    """
    language = CURRENT.get()
    name, _, entry = text.partition(".")
    listed = {key: _spoken(value, language) for key, value in values.items()}
    return str(entries(name)[entry][language]).format(**listed)


def knows(text: str) -> bool:
    """Whether the catalogue holds a text."""
    name, _, entry = text.partition(".")
    return entry in entries(name)


@functools.cache
def entries(name: str) -> dict[str, Any]:
    """One file of the catalogue: for each entry the text in every language, or a plain attribute."""
    content = (CATALOGUE / f"{name}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(content, Loader=yaml.CSafeLoader)
    return loaded


def _spoken(value: object, language: Language) -> object:
    if isinstance(value, tuple | list):
        return SEPARATORS[language].join(map(str, value))
    return value
