"""Roles: which group may do what in which project; a higher tier sees what lies below and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stacks.request.tenant import TenantRequest

KEYSTONE = {"manager": "manager", "member": "member", "reader": "reader", "auditor": "reader"}
"""Keystone's own role for each of ours; an auditor is a reader who gets the evidence too."""

SUPERVISING = ("reader", "auditor")
"""Roles that also hold in the tenants below, as Keystone's inherited roles do."""


@dataclass(frozen=True, order=True)
class Grant:
    """A group's role in the tenant's project.

    Attributes:
        role: Keystone's role.
        source: the tenant whose request grants it: this one, or one above.
        built: whether the tenant's stack grants it; the others are recorded for a later release.
    """

    group: str
    role: str
    source: str
    built: bool = False


def grants(
    request: TenantRequest, above: Sequence[str], requests: Mapping[str, TenantRequest]
) -> tuple[Grant, ...]:
    """Every grant in a tenant's project: its own staff, its roles, and those who supervise from above."""
    own = (Grant(group, KEYSTONE[role], request.id) for role, group in _held(request))
    inherited = (
        Grant(group, KEYSTONE[role], tenant)
        for tenant in above
        for role, group in _held(requests[tenant])
        if role in SUPERVISING
    )
    return (Grant(request.id, "member", request.id, built=True), *own, *inherited)


def _held(request: TenantRequest) -> Iterator[tuple[str, str]]:
    return ((role, group) for role, groups in request.roles.items() for group in groups)
