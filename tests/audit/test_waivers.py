"""Waivers: a decision to bear a risk ends on its day. Source: GB/T 22239-2019 8.1.5.4 e."""

from __future__ import annotations

import pytest

from scripts.evidence.finding import holds
from scripts.evidence.said import said
from scripts.evidence.waiver import Decision


@pytest.mark.control("8.1.5.4-e")
def test_in_force(row: Decision) -> None:
    """What was decided against the baseline is still decided."""
    holds(
        row.in_force,
        expected=said("a day from {first} to {last}", first=row.waiver.since, last=row.waiver.until),
        observed=said("today is {day}; the waiver no longer helps", day=row.on),
        do="Mend what it waived and remove the file, or decide anew with a new date.",
    )
