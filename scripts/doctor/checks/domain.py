"""The Keystone domain that tenants are created in."""

from __future__ import annotations

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok
from scripts.doctor.keystone import identity

ORDER = 60


def _probe(examination: Examination) -> Finding:
    name = examination.plan.platform.platform.cloud.domain
    domain = identity(examination.cloud).find_domain(name)
    if domain is None:
        return missing(
            f"no domain {name!r}", "Correct `cloud.domain` in tenants/platform.yaml, or create it."
        )
    if not domain.is_enabled:
        return missing(f"{name} is disabled", "Enable it, or name another one in tenants/platform.yaml.")
    return ok(name)


CHECK = Check(
    id="domain",
    title="domain",
    needed_for="projects and users of tenants",
    severity=Severity.REQUIRED,
    probe=_probe,
)
