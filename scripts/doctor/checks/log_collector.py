"""Whether the records of all hosts are collected in one place."""

from __future__ import annotations

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok

ORDER = 115


def _probe(examination: Examination) -> Finding:
    log = examination.plan.platform.platform.core_services.log
    if log is None:
        return missing(
            "none is declared: records stay on the hosts",
            "Declare `core_services.log` in tenants/platform.yaml; see docs/ops-existing-cloud.md.",
        )
    return ok(f"{log.name} at {log.address}:{log.port}")


CHECK = Check(
    id="log-collector",
    title="log collector",
    needed_for="records in one place (GB/T 22239 8.1.5.4 d)",
    severity=Severity.OPTIONAL,
    probe=_probe,
    local=True,
)
