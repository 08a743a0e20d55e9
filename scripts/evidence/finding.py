"""What a failed check says: what was expected, what was observed, and what to do about it.

Checks call these functions instead of `assert`, so that a failure reads the same on the terminal, in the
JUnit file and on the auditor's page.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from scripts.evidence.said import Said, listed, said, verbatim

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
    holds(observed == expected, expected=value_of(expected), observed=value_of(observed), do=do)


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
        parts.append(said("surplus: {items}", items=text(seen - wanted)))
    if wanted - seen:
        parts.append(said("missing: {items}", items=text(wanted - seen)))
    expected_all = said("{what} exactly as planned ({count})", what=said(what), count=len(wanted))
    raise Finding(expected_all, listed(parts, "; "), do)


def within(observed: Iterable[T], allowed: Iterable[T], *, what: str, do: str) -> None:
    """Something was observed, and every item of it is allowed.

    Raises:
        Finding: an item is not allowed, or nothing was observed at all.
    """
    seen, limit = set(observed), set(allowed)
    holds(bool(seen), expected=said("{what}, at least one", what=said(what)), observed="none", do=do)
    only = said("only these {what}: {items}", what=said(what), items=text(limit))
    holds(seen <= limit, expected=only, observed=seen - limit, do=do)


def value_of(seen: object) -> str:
    """What was seen or planned, which is no text of ours: `no` stays `no`."""
    return text(verbatim(seen) if isinstance(seen, str) else seen)


def text(value: object) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    if isinstance(value, dict):
        return text([said("{key} = {value}", key=key, value=text(item)) for key, item in value.items()])
    if isinstance(value, Collection) and not isinstance(value, str):
        items = [item if isinstance(item, Said) else str(item) for item in value]
        return _enumerated(sorted(items) if isinstance(value, (set, frozenset)) else items)
    if value is None or value == "":
        return said("nothing")
    return value if isinstance(value, str) else str(value)


def _enumerated(items: Sequence[str]) -> Said:
    if not items:
        return said("nothing")
    shown, more = listed(items[:SHOWN]), len(items) - SHOWN
    return said("{items} and {count} more", items=shown, count=more) if more > 0 else shown


def words(block: str) -> frozenset[str]:
    """The words of a block of text, for lists that would fill a page as literals."""
    return frozenset(block.split())
