"""The words of the pages, in both languages: `templates/words.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from stacks.language import Language

WORDS = Path(__file__).parent / "templates" / "words.yaml"


@cache
def words() -> dict[str, dict[str, str]]:
    """Every text by its name, in each language."""
    loaded: dict[str, dict[str, str]] = yaml.load(WORDS.read_bytes(), Loader=yaml.CSafeLoader)
    return loaded


@dataclass(frozen=True)
class Say:
    """Says the texts of the pages in one language."""

    language: Language

    def __call__(self, text: str, /, **values: object) -> str:
        """A text with its values filled in.

        Raises:
            KeyError: there is no such text, or it needs a value that is not given.
        """
        return words()[text][self.language].format(**values)


def file_name(stem: str, language: str) -> str:
    """The page's file: `index.html`, and `index.zh.html` in Chinese."""
    return f"{stem}.zh.html" if language == Language.ZH else f"{stem}.html"
