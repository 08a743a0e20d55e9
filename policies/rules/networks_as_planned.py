"""Networks, subnets, ports and routers are exactly the plan's."""

from __future__ import annotations

from policies.planned import as_planned
from policies.rule import Rule

RULE = Rule(
    title="Networks, subnets, ports and routers are those of the plan, and no others",
    controls=("8.1.2.1-c", "8.1.3.1-a", "8.1.3.1-b"),
    check=as_planned,
    kinds=frozenset(
        {
            "networking/AddressScope",
            "networking/SubnetPool",
            "networking/Network",
            "networking/Subnet",
            "networking/Port",
            "networking/Router",
            "networking/RouterInterface",
        }
    ),
)
