"""Examples for the rule security-groups-as-planned."""

from __future__ import annotations

from policies.resource import UNKNOWN
from tests.unit.policies.zone import PORTAL, planned, resource

GROUP = ("networking/SecGroup", "xiangyang-portal-portal")
RULE = ("networking/SecGroupRule", "xiangyang-portal-portal-ingress-tcp-22-10.255.0.10_32")
PASSING = [
    planned(PORTAL, *GROUP),
    planned(PORTAL, *RULE),
    planned(PORTAL, *RULE, securityGroupId=UNKNOWN),
]
FAILING = [
    ("the plan has no", resource("networking/SecGroup", "xiangyang-portal-mine", deleteDefaultRules=True)),
    ("the nearest is", resource("networking/SecGroupRule", f"{RULE[1]}-2", direction="ingress")),
    ("remoteIpPrefix is '10.0.0.0/8'", planned(PORTAL, *RULE, remoteIpPrefix="10.0.0.0/8")),
    ("portRangeMax is 65535", planned(PORTAL, *RULE, portRangeMax=65535)),
    ("direction is 'egress'", planned(PORTAL, *RULE, direction="egress")),
    ("remoteGroupId is 'g'", planned(PORTAL, *RULE, remoteGroupId="g")),
    ("remoteIpPrefix is known only later", planned(PORTAL, *RULE, remoteIpPrefix=UNKNOWN)),
    ("securityGroupId is None", planned(PORTAL, *RULE, securityGroupId=None)),
    ("stateful is False", planned(PORTAL, *GROUP, stateful=False)),
]
