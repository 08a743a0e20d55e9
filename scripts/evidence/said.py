"""What checks say, in both languages: the English stands in the code, and is the key of its Chinese.

The Chinese lies in `policies/checks/`, a file for each subject. A text without values is written as it
is; one with values is made by `said`, which fills them into both languages. A test finds every text in the
code and holds it beside the catalogue, so that neither has one that the other has not.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import yaml

from stacks.language import SEPARATORS, Language
from stacks.settings import REPOSITORY

FOLDER = REPOSITORY / "policies" / "checks"


class Said(str):
    """A text in English that brings its Chinese along.

    Attributes:
        chinese: the same text in Chinese.
    """

    chinese: str

    def __new__(cls, english: str, chinese: str) -> Said:
        """Both at once."""
        made = super().__new__(cls, english)
        made.chinese = chinese
        return made


@cache
def catalogue() -> dict[str, str]:
    """The Chinese of every text, by its English."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        found |= yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return found


def chinese(text: str) -> str:
    """A text in Chinese; one that the catalogue does not know is a name or a path, and stays as it is."""
    return text.chinese if isinstance(text, Said) else catalogue().get(text, text)


def verbatim(value: str) -> Said:
    """A value of a host or the cloud, which is no text, even where it reads like one: `no`, `none`."""
    return value if isinstance(value, Said) else Said(value, value)


def said(template: str, /, **values: object) -> Said:
    """A text with its values filled in.

    Args:
        values: what stands in the braces. A text among them is made by `said` too; all else is the same in
            both languages.

    Raises:
        KeyError: the text needs a value that is not given.
    """
    both = {name: verbatim(value if isinstance(value, str) else str(value)) for name, value in values.items()}
    other = {name: value.chinese for name, value in both.items()}
    return Said(template.format(**both), chinese(template).format(**other))


def listed(items: Iterable[str], separator: str = SEPARATORS[Language.EN]) -> Said:
    """Values or texts one after the other, separated as each language does.

    Args:
        separator: in English; its Chinese is in the catalogue, where it is not the one of a plain list.
    """
    both = tuple(map(verbatim, items))
    between = SEPARATORS[Language.ZH] if separator == SEPARATORS[Language.EN] else chinese(separator)
    return Said(separator.join(both), between.join(item.chinese for item in both))


def title(about: str, row: str = "") -> Said:
    """The title of a check: what it is about, and which row of its table.

    Args:
        about: the first line of the check's own description.
    """
    if not row:
        return said(about)
    return said("{check}: {row}.", check=Said(about[:-1], chinese(about)[:-1]), row=row)
