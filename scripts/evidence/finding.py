"""What a failed check says: what was expected, what was observed, and what to do about it.

Checks call these functions instead of `assert`, so that a failure reads the same on the terminal, in the
JUnit file and on the auditor's page.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

SHOWN = 12
"""How many items of a difference are listed; the rest is counted."""


@dataclass(eq=False)
class Finding(AssertionError):  # noqa: N818 - the auditors' word; it is a result, not an error
    """A control that is not met.

    Attributes:
        do: the next step of the person who mends it.
    """

    expected: str
    observed: str
    do: str

    def __str__(self) -> str:
        """The whole finding, one aspect a line."""
        return f"expected: {self.expected}\nobserved: {self.observed}\ndo: {self.do}"


def holds(condition: bool, *, expected: str, observed: object, do: str) -> None:
    """The condition is met.

    Raises:
        Finding: it is not.
    """
    if not condition:
        raise Finding(expected, text(observed), do)


def equal(observed: object, expected: object, *, do: str) -> None:
    """The two are equal.

    Raises:
        Finding: they are not.
    """
    holds(observed == expected, expected=text(expected), observed=observed, do=do)


def nothing(observed: Collection[object], *, expected: str, do: str) -> None:
    """Nothing was found that should not be there. The caller makes sure that something was looked at.

    Raises:
        Finding: something was found.
    """
    holds(not observed, expected=expected, observed=observed, do=do)


def same(observed: Iterable[T], expected: Iterable[T], *, what: str, do: str) -> None:
    """The two sets are the same; the finding lists what is missing and what is surplus.

    Args:
        what: the noun for one set, in the plural.

    Raises:
        Finding: they differ.
    """
    seen, wanted = set(observed), set(expected)
    if seen == wanted:
        return
    parts = []
    if seen - wanted:
        parts.append(f"surplus: {text(seen - wanted)}")
    if wanted - seen:
        parts.append(f"missing: {text(wanted - seen)}")
    raise Finding(f"{what} exactly as planned ({len(wanted)})", "; ".join(parts), do)


def within(observed: Iterable[T], allowed: Iterable[T], *, what: str, do: str) -> None:
    """Something was observed, and every item of it is allowed.

    Raises:
        Finding: an item is not allowed, or nothing was observed at all.
    """
    seen, limit = set(observed), set(allowed)
    holds(bool(seen), expected=f"{what}, at least one", observed="none", do=do)
    holds(seen <= limit, expected=f"only these {what}: {text(limit)}", observed=seen - limit, do=do)


def text(value: object) -> str:
    """A value as a person reads it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value or "nothing"
    if isinstance(value, dict):
        return text([f"{key} = {text(item)}" for key, item in value.items()])
    if isinstance(value, Collection):
        items = [str(item) for item in value]
        items = sorted(items) if isinstance(value, (set, frozenset)) else items
        more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
        return ", ".join(items[:SHOWN]) + more if items else "nothing"
    return str(value)


def words(block: str) -> frozenset[str]:
    """The words of a block of text, for lists that would fill a page as literals."""
    return frozenset(block.split())
