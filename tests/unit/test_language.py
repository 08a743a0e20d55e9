"""The catalogue is complete: every text in every language, with the same values, and each one is used."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator

import pytest

from stacks.language import CATALOGUE, CURRENT, Language, entries, knows, say
from stacks.settings import REPOSITORY

FILES = sorted(path.stem for path in CATALOGUE.glob("*.yaml"))
ATTRIBUTES = {"severity"}
CODE_ENTRIES = {"title", "what", "expected"}
TEXTS = [(name, entry) for name in FILES for entry in entries(name) if entry not in ATTRIBUTES]


def _calls() -> Iterator[tuple[str, str]]:
    """Every text that the program says: where, and a pattern of what; values of f-strings match anything."""
    for folder in ("stacks", "scripts", "policies"):
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"say", "knows"}:
                    yield f"{path.name}:{node.lineno}", _pattern(node.args[0])


def _pattern(text: ast.expr) -> str:
    if isinstance(text, ast.JoinedStr):
        parts = text.values
        return "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in parts)
    assert isinstance(text, ast.Constant), "a text is named where it is said"
    return re.escape(str(text.value))


def _values(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(("name", "entry"), TEXTS, ids=[".".join(text) for text in TEXTS])
def test_a_text_says_the_same_in_every_language(name: str, entry: str) -> None:
    texts = entries(name)[entry]
    assert set(texts) == set(Language)
    assert len({frozenset(_values(text)) for text in texts.values()}) == 1
    assert all(text.strip() for text in texts.values())
    words = re.sub(r"\{\w+\}", "", texts["en"])
    assert (
        re.search("[\u4e00-\u9fff]", texts["zh"]) or texts["zh"] == texts["en"] or not re.search(r"\w", words)
    )
    assert not re.search("[\u4e00-\u9fff]", re.sub(r"\(涉密\)", "", texts["en"]))


def test_every_text_that_is_said_exists() -> None:
    known = {f"{name}.{entry}" for name, entry in TEXTS}
    unknown = [place for place, text in _calls() if not any(re.fullmatch(text, other) for other in known)]
    assert unknown == []


def test_every_text_is_said() -> None:
    said = [pattern for _, pattern in _calls() if not pattern.startswith(".+")]
    unused = [
        f"{name}.{entry}"
        for name, entry in TEXTS
        if not (name.startswith(("GC", "WV")) and entry in CODE_ENTRIES)
        and name != "help"  # These are said by the verbs themselves (test_helptext).
        and not any(re.fullmatch(pattern, f"{name}.{entry}") for pattern in said)
    ]
    assert unused == []


def test_lists_are_joined_as_each_language_does() -> None:
    assert say("hint.one-of", names=("a", "b")) == "one of: a, b"
    CURRENT.set(Language.ZH)
    assert say("hint.one-of", names=("a", "b")).endswith("a、b")


def test_an_unknown_text_is_a_defect() -> None:
    assert not knows("hint.nonsense")
    with pytest.raises(KeyError):
        say("hint.nonsense")
    with pytest.raises(KeyError):
        say("hint.one-of")
