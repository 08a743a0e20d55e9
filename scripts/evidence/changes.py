"""What differs between two runs: what failed anew, was mended, appeared or is no longer shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from scripts.evidence.results import Evidence, Outcome, Result

Key = tuple[str, str, str, str, str, int]


class Kind(StrEnum):
    """How a check differs. The order is that of importance."""

    FAILED = "newly failed"
    LOST = "waived or no longer shown"
    MENDED = "mended"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class Change:
    """One check that ended otherwise than before, or exists in one of the runs only."""

    kind: Kind
    before: Result | None
    after: Result | None

    @property
    def result(self) -> Result:
        """The newer of the two."""
        found = self.after or self.before
        assert found is not None, "a change has at least one end"  # noqa: S101 - for the type checker
        return found


def compare(before: Iterable[Evidence], after: Iterable[Evidence]) -> tuple[Change, ...]:
    """Every change of the tenants that are in both runs, and of those that are new.

    A tenant that was not audited this time is no change: nothing was looked at.
    """
    later = {item.tenant: item for item in after}
    earlier = {item.tenant: item for item in before if item.tenant in later}
    old, new = _results(earlier.values()), _results(later.values())
    found = [
        Change(kind, old.get(key), new.get(key))
        for key in {**new, **old}
        if (kind := _kind(old.get(key), new.get(key)))
    ]
    return tuple(sorted(found, key=lambda change: list(Kind).index(change.kind)))


def _results(evidence: Iterable[Evidence]) -> dict[Key, Result]:
    """Results by what they are of; a number tells equal ones apart."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: dict[Key, Result] = {}
    for item in evidence:
        for result in item.results:
            name = (result.tenant, result.host, result.area, result.check, result.title)
            found[(*name, seen[name])] = result
            seen[name] += 1
    return found


def _kind(before: Result | None, after: Result | None) -> Kind | None:
    if after is None:
        return Kind.GONE
    if after.outcome.bad:
        return None if before and before.outcome.bad else Kind.FAILED
    if before is None:
        return Kind.NEW
    if after.outcome is Outcome.PASSED:
        return Kind.MENDED if before.outcome.bad else None
    return Kind.LOST if before.outcome is not after.outcome else None


def counts(changes: Iterable[Change]) -> dict[Kind, int]:
    """How many changes there are of each kind."""
    found = Counter(change.kind for change in changes)
    return {kind: found[kind] for kind in Kind}
