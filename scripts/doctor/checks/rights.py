"""Whether the user is an administrator: the role, and the calls that only administrators may make."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from openstack.connection import Connection

from scripts.access.cloud_errors import FORBIDDEN, Translated, status_of
from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok
from scripts.doctor.keystone import identity, token

ORDER = 50

CALLS: dict[str, Callable[[Connection], Iterable[object]]] = {
    "list projects": lambda cloud: identity(cloud).projects(limit=1, paginated=False),
    "list users": lambda cloud: identity(cloud).users(limit=1, paginated=False),
    "list role assignments": lambda cloud: identity(cloud).role_assignments(limit=1, paginated=False),
    "list servers of all projects": lambda cloud: cloud.compute.servers(
        all_projects=True, limit=1, paginated=False
    ),
    "list compute services": lambda cloud: cloud.compute.services(),
    "list flavors that are not public": lambda cloud: cloud.compute.flavors(is_public=None, limit=1),
    "list quotas of all projects": lambda cloud: cloud.network.quotas(),
}
"""Reads that need the same rights as the writes which follow; nothing is created to find out."""


def _probe(examination: Examination) -> Finding:
    cloud = examination.cloud
    roles = sorted(token(cloud).role_names or [])
    refused = [name for name, call in CALLS.items() if _refused(cloud, call)]
    remedy = "Give the user the role `admin` on its project (docs/ops-existing-cloud.md says what for)."
    if refused:
        return missing(f"roles {', '.join(roles)}; refused: {', '.join(refused)}", remedy)
    if "admin" not in roles:
        return missing(f"roles {', '.join(roles)}, without `admin`", remedy)
    return ok(f"roles {', '.join(roles)}; {len(CALLS)} administrator's calls answered")


def _refused(cloud: Connection, call: Callable[[Connection], Iterable[object]]) -> bool:
    try:
        next(iter(call(cloud)), None)
    except Translated as error:
        if status_of(error) == FORBIDDEN:
            return True
        raise
    return False


CHECK = Check(
    id="rights",
    title="administrator's rights",
    needed_for="creating projects, users, quotas, flavors and address scopes",
    severity=Severity.REQUIRED,
    probe=_probe,
)
