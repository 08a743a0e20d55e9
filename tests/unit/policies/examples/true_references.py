"""Examples for the rule true-references."""

from __future__ import annotations

from policies.resource import UNKNOWN
from tests.unit.policies.zone import PLATFORM, PORTAL, WIRED, altered, stack, urn

RULE = ("networking/SecGroupRule", "xiangyang-portal-web-published-ingress-tcp-443-0.0.0.0_0")
HOST = ("networking/Port", "xiangyang-portal-oa-1")
ROLE = ("identity/RoleAssignment", "xiangyang-portal-deployer")
OFFICE = ("networking/Network", "xiangyang-portal-office")
DEDICATED_LEG = ("networking/RouterInterface", "xiangyang-portal-dedicated-internal-office")
ORDINARY_ROUTER = frozenset({urn(("networking/Router", "xiangyang-portal-external"), WIRED)})
GROUP = frozenset({urn(("networking/SecGroup", "xiangyang-portal-office"))})
PASSING = [
    stack(PORTAL),
    stack(PLATFORM),
    stack(WIRED),
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
    ("tenantId is 'another'", altered(WIRED, OFFICE, values={"tenantId": "another"})),
    ("tenantId is made from nothing", altered(WIRED, OFFICE, references={"tenantId": frozenset()})),
    (
        "routerId is made from xiangyang-portal-external",
        altered(WIRED, DEDICATED_LEG, references={"routerId": ORDINARY_ROUTER}),
    ),
    ("roleId is 'admin'", altered(PORTAL, ROLE, values={"roleId": "admin"})),
]
