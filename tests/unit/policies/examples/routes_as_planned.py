"""Examples for the rule routes-as-planned."""

from __future__ import annotations

from tests.unit.policies.zone import PORTAL, planned, resource

ROUTES = ("networking/RouterRoutesV2", "xiangyang-portal-internal")
LEARNT = ("networking/SubnetRoute", "xiangyang-portal-office-10.255.0.0")
PLANNED = planned(PORTAL, *ROUTES).values["routes"]
PASSING = [planned(PORTAL, *ROUTES), planned(PORTAL, *LEARNT)]
DEFAULT = {"destinationCidr": "0.0.0.0/0", "nextHop": "10.255.0.1"}
FAILING = [
    ("routes is", planned(PORTAL, *ROUTES, routes=[*PLANNED, DEFAULT])),
    ("destinationCidr is '0.0.0.0/0'", planned(PORTAL, *ROUTES, routes=[DEFAULT, *PLANNED[1:]])),
    ("nextHop is '10.128.1.9'", planned(PORTAL, *LEARNT, nextHop="10.128.1.9")),
    ("the plan has no", resource("networking/SubnetRoute", "xiangyang-portal-office-0.0.0.0")),
]
