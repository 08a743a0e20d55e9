"""Examples for the rule references-agree."""

from __future__ import annotations

from policies.resource import UNKNOWN
from tests.unit.policies.zone import PORTAL, planned

PORT = ("networking/Port", "xiangyang-portal-web-1")
LEG = ("networking/RouterInterface", "xiangyang-portal-internal-office")
PASSING = [
    planned(PORTAL, *PORT),
    planned(PORTAL, *PORT, networkId=UNKNOWN),
    planned(PORTAL, *LEG),
]
SAME = ["one-group", "one-group"]
FAILING = [("'one-group' stands for", planned(PORTAL, *PORT, securityGroupIds=SAME))]
