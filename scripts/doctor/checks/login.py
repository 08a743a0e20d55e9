"""Whether the cloud lets the administrator in."""

from __future__ import annotations

from scripts.doctor.check import Check, Examination, Finding, Severity, ok
from scripts.doctor.keystone import token

ORDER = 40


def _probe(examination: Examination) -> Finding:
    cloud = examination.cloud
    access = token(cloud)
    where = access.project_name or access.domain_name or "the system"
    return ok(f"{access.username} in {where} at {cloud.config.get_auth_args()['auth_url']}")


CHECK = Check(
    id="login",
    title="login",
    needed_for="everything",
    severity=Severity.REQUIRED,
    probe=_probe,
)
