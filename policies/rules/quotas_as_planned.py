"""Quotas are exactly the plan's."""

from __future__ import annotations

from policies.planned import as_planned
from policies.rule import Rule

RULE = Rule(
    title="Quotas are those of the plan",
    controls=("8.1.2.1-a", "8.2.5.1-a"),
    check=as_planned,
    kinds=frozenset(
        {
            "blockstorage/QuoteSetV3",
            "networking/QuotaV2",
            "compute/QuotaSetV2",
        }
    ),
)
