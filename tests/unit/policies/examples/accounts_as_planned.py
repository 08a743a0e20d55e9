"""Examples for the rule accounts-as-planned."""

from __future__ import annotations

from tests.unit.policies.zone import OFFICE, PLATFORM, PORTAL, planned, resource

PROJECT = ("identity/Project", PORTAL)
USER = ("identity/User", "xiangyang-portal-deployer")
ROLE = ("identity/RoleAssignment", "xiangyang-portal-deployer")
LEADS = ("identity/RoleAssignment", "xiangyang-portal-manager-xiangyang-it-leads")
BELOW = ("identity/InheritRoleAssignment", "xiangyang-portal-below-xiangyang-audit")
NODE = ("identity/Project", "xiangyang-portal.below")
DEPLOYER = ("identity/Role", "deployer")
PASSING = [
    planned(PORTAL, *PROJECT),
    planned(PORTAL, *USER, enabled=True),
    planned(PORTAL, *ROLE),
    planned(PORTAL, *LEADS),
    planned(PORTAL, *BELOW),
    planned(OFFICE, "identity/Project", OFFICE),
    planned(PLATFORM, *NODE),
    planned(PLATFORM, *DEPLOYER),
    planned(PLATFORM, "identity/GroupV3", "xiangyang-audit"),
]
FAILING = [
    ("groupId is ''", planned(PORTAL, *LEADS, groupId="")),
    (
        "the plan has no identity/InheritRoleAssignment",
        resource("identity/InheritRoleAssignment", "xiangyang-portal-below-xiangyang-it-leads"),
    ),
    ("domainId is 'default'", planned(PORTAL, *BELOW, domainId="default")),
    ("parentId is None", planned(OFFICE, "identity/Project", OFFICE, parentId=None)),
    ("parentId is 'p'", planned(PORTAL, *PROJECT, parentId="p")),
    ("name is 'admin'", planned(PLATFORM, *DEPLOYER, name="admin")),
    ("the plan has no identity/Role", resource("identity/Role", "more", PLATFORM, name="more")),
    ("the plan has no identity/User", resource("identity/User", "backdoor")),
    ("the plan has no identity/RoleAssignment", resource("identity/RoleAssignment", "more", roleId="admin")),
    ("domainId is 'd'", planned(PORTAL, *ROLE, domainId="d")),
    ("isDomain is True", planned(PORTAL, *PROJECT, isDomain=True)),
    ("multiFactorAuthEnabled", planned(PORTAL, *USER, multiFactorAuthEnabled=False)),
    ("enabled is False", planned(PORTAL, *USER, enabled=False)),
]
