"""The machines that carry hosts."""

from __future__ import annotations

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok

ORDER = 130


def _probe(examination: Examination) -> Finding:
    services = [item for item in examination.cloud.compute.services() if item.binary == "nova-compute"]
    able = [item for item in services if item.state == "up" and item.status == "enabled"]
    if not able:
        return missing(
            f"none of {len(services)} compute hosts is up and enabled",
            "Start nova-compute (`govcloud lab status` for the lab), or ask the operators.",
        )
    return ok(f"{len(able)} of {len(services)} up and enabled")


CHECK = Check(
    id="compute-hosts",
    title="compute hosts",
    needed_for="every host",
    severity=Severity.REQUIRED,
    probe=_probe,
)
