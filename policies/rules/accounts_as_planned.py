"""Projects, groups, users and roles are exactly the plan's."""

from __future__ import annotations

from policies.planned import as_planned
from policies.rule import Rule

RULE = Rule(
    title="Projects, groups, users and their roles are those of the plan, and no others",
    controls=("8.1.4.2-a", "8.1.4.2-c", "8.1.4.2-d"),
    check=as_planned,
    kinds=frozenset(
        {
            "identity/Project",
            "identity/GroupV3",
            "identity/InheritRoleAssignment",
            "identity/User",
            "identity/Role",
            "identity/RoleAssignment",
        }
    ),
)
