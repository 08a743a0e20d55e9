"""Examples for the rule accounts-as-planned."""

from __future__ import annotations

from tests.unit.policies.zone import PORTAL, planned, resource

PROJECT = ("identity/Project", PORTAL)
USER = ("identity/User", "xiangyang-portal-deployer")
ROLE = ("identity/RoleAssignment", "xiangyang-portal-deployer")
PASSING = [planned(PORTAL, *PROJECT), planned(PORTAL, *USER, enabled=True), planned(PORTAL, *ROLE)]
FAILING = [
    ("the plan has no identity/User", resource("identity/User", "backdoor")),
    ("the plan has no identity/RoleAssignment", resource("identity/RoleAssignment", "more", roleId="admin")),
    ("domainId is 'd'", planned(PORTAL, *ROLE, domainId="d")),
    ("isDomain is True", planned(PORTAL, *PROJECT, isDomain=True)),
    ("multiFactorAuthEnabled", planned(PORTAL, *USER, multiFactorAuthEnabled=False)),
    ("enabled is False", planned(PORTAL, *USER, enabled=False)),
]
