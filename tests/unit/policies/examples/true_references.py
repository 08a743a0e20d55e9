"""Examples for the rule true-references."""

from __future__ import annotations

from policies.resource import UNKNOWN
from tests.unit.policies.zone import PLATFORM, PORTAL, altered, stack, urn

RULE = ("networking/SecGroupRule", "xiangyang-portal-web-published-ingress-tcp-443-0.0.0.0_0")
HOST = ("networking/Port", "xiangyang-portal-oa-1")
ROLE = ("identity/RoleAssignment", "xiangyang-portal-deployer")
GROUP = frozenset({urn(("networking/SecGroup", "xiangyang-portal-office"))})
PASSING = [
    stack(PORTAL),
    stack(PLATFORM),
    altered(PORTAL, RULE, values={"securityGroupId": UNKNOWN}),
]
FAILING = [
    (
        "securityGroupId is made from xiangyang-portal-office; the plan says xiangyang-portal-web-published",
        altered(PORTAL, RULE, references={"securityGroupId": GROUP}),
    ),
    ("made from nothing", altered(PORTAL, RULE, references={"securityGroupId": frozenset()})),
    ("securityGroupId is 'default'", altered(PORTAL, RULE, values={"securityGroupId": "default"})),
    ("networkId is 'n'", altered(PORTAL, HOST, values={"networkId": "n"})),
    ("roleId is 'admin'", altered(PORTAL, ROLE, values={"roleId": "admin"})),
]
