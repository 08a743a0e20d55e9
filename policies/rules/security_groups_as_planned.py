"""Security groups and their rules are exactly the plan's."""

from __future__ import annotations

from policies.planned import as_planned
from policies.rule import Rule

RULE = Rule(
    title="Security groups and their rules are those of the plan, and no others",
    controls=("8.1.3.2-a", "8.1.3.2-b", "8.1.3.2-c"),
    check=as_planned,
    kinds=frozenset(
        {
            "networking/SecGroup",
            "networking/SecGroupRule",
        }
    ),
)
