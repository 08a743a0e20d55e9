"""Keystone's roles that requests give to groups."""

from __future__ import annotations

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok
from scripts.doctor.keystone import identity

ORDER = 65


def _probe(examination: Examination) -> Finding:
    needed = examination.plan.platform.roles
    there = {role.name for role in identity(examination.cloud).roles()}
    absent = [name for name in needed if name not in there]
    if not absent:
        return ok(", ".join(needed))
    remedy = "Run `keystone-manage bootstrap` on the cloud, which makes Keystone's own roles"
    if "manager" in absent:
        remedy += "; `manager` came with 2023.2, so upgrade, or name no manager in the requests"
    return missing(f"no role {', '.join(absent)}", f"{remedy}.")


CHECK = Check(
    id="roles",
    title="roles",
    needed_for="what groups of people may do in their tenants",
    severity=Severity.REQUIRED,
    probe=_probe,
)
