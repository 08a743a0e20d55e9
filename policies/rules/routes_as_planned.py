"""Routes of routers and of hosts are exactly the plan's."""

from __future__ import annotations

from policies.planned import as_planned
from policies.rule import Rule

RULE = Rule(
    title="Routes are those of the plan, and no others",
    controls=("8.1.3.1-a", "8.1.3.2-a"),
    check=as_planned,
    kinds=frozenset(
        {
            "networking/RouterRoutesV2",
            "networking/SubnetRoute",
        }
    ),
)
