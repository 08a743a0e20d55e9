"""Roles: which group may do what in which project; a higher tier sees what lies below and changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest

KEYSTONE = {"manager": "manager", "member": "member", "reader": "reader", "auditor": "reader"}
"""Keystone's own role for each of ours; an auditor is a reader who gets the evidence too."""

SUPERVISING_ROLE = "reader"
"""Keystone's role that also holds in the tenants below: it is inherited there, and changes nothing."""

STAFF = "member"
"""Keystone's role of a tenant's own group, and of its deployment user."""

DEPLOYER = "govcloud_deployer"
"""The role that makes a member the one who builds what is planned; the platform makes it, and
`policies/openstack` knows it by this name."""

AUDITOR = "govcloud_auditor"
"""The role that reads every project and changes none; the platform makes it, and `policies/openstack` knows
it by this name."""

AUDITOR_ACCOUNT = "govcloud-auditor"
"""The one user who holds it, and the empty project by which that user enters."""


@dataclass(frozen=True, order=True)
class Grant:
    """A group's role in the tenant's project.

    Attributes:
        role: Keystone's role.
        source: the tenant whose request grants it: this one, or one above.
    """

    group: str
    role: str
    source: str


@dataclass(frozen=True, order=True)
class GroupPlan:
    """A group of people. All are the platform's.

    A group that passed from one tenant's stack to another's would be made anew, without its members.
    """

    name: str
    description: str


def grants(
    request: TenantRequest, above: Sequence[str], requests: Mapping[str, TenantRequest]
) -> tuple[Grant, ...]:
    """Every grant in a tenant's project: its own staff, its roles, and those who supervise from above."""
    own = (Grant(group, KEYSTONE[role], request.id) for role, group in _held(request))
    inherited = (
        Grant(group, KEYSTONE[role], tenant)
        for tenant in above
        for role, group in _held(requests[tenant])
        if KEYSTONE[role] == SUPERVISING_ROLE
    )
    return (Grant(request.id, STAFF, request.id), *own, *inherited)


def groups(platform: Platform, requests: Iterable[TenantRequest]) -> tuple[GroupPlan, ...]:
    """Every group that holds a role or an administration, but for the tenants' own staff."""
    administration = platform.administration.items() if platform.administration else {}
    named = {group for request in requests for _, group in _held(request)} - set(administration.values())
    return tuple(
        sorted(
            [
                *(
                    GroupPlan(group, f"The platform's {name} administration")
                    for name, group in administration.items()
                ),
                *(GroupPlan(group, "Holds the roles that requests give it") for group in named),
            ]
        )
    )


def roles(requests: Iterable[TenantRequest]) -> tuple[str, ...]:
    """Keystone's roles that are granted, each once."""
    return tuple(sorted({STAFF, *(KEYSTONE[role] for request in requests for role, _ in _held(request))}))


def _held(request: TenantRequest) -> Iterator[tuple[str, str]]:
    return ((role, group) for role, groups in request.roles.items() for group in groups)
