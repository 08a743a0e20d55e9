"""Neutron's extensions."""

from __future__ import annotations

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok

ORDER = 90

NEEDED = {
    "address-scope": "one scope for each side of the wall",
    "subnet_allocation": "segments cut from the side's pool",
    "router": "routers",
    "external-net": "floating IPs",
    "extraroute": "routes of declared flows",
    "extraroute-atomic": "routes of declared flows, without losing others",
    "security-group": "default deny",
    "port-security": "no forged addresses",
    "rbac-policies": "tenants may share nothing",
    "quotas": "limits of tenants",
    "standard-attr-tag": "finding what belongs to whom",
}
"""By alias, with what each is for."""


def _probe(examination: Examination) -> Finding:
    offered = {extension.alias for extension in examination.cloud.network.extensions()}
    absent = {alias: use for alias, use in NEEDED.items() if alias not in offered}
    if absent:
        words = ", ".join(f"{alias} ({use})" for alias, use in absent.items())
        return missing(
            f"Neutron lacks: {words}", "Ask the operators to enable these; ML2/OVN has all of them."
        )
    return ok(f"all {len(NEEDED)} that are used, of {len(offered)}")


CHECK = Check(
    id="extensions",
    title="Neutron extensions",
    needed_for="the wall",
    severity=Severity.REQUIRED,
    probe=_probe,
)
