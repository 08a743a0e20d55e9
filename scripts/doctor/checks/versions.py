"""Age of the cloud."""

from __future__ import annotations

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok

ORDER = 80
YOGA = (2, 90)
"""Highest Nova microversion of the Yoga release (nova 25.0.0)."""


def _probe(examination: Examination) -> Finding:
    data = examination.cloud.compute.get_endpoint_data()
    newest = tuple(data.max_microversion or ()) if data else ()
    shown = ".".join(map(str, newest)) or "none"
    if newest < YOGA:
        return missing(f"Nova speaks microversion {shown}", "Upgrade the cloud to Yoga (2022.1) or newer.")
    return ok(f"Nova microversion {shown} (Yoga has 2.90)")


CHECK = Check(
    id="versions",
    title="Yoga or newer",
    needed_for="tags at boot and the Neutron extensions below; older clouds were never tried",
    severity=Severity.REQUIRED,
    probe=_probe,
)
