"""The availability zones that classifications ask for."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok
from stacks.request.platform import Platform

ORDER = 135


def _probe(examination: Examination) -> Finding:
    platform = examination.plan.platform.platform
    found = examination.cloud.compute.availability_zones()
    return judged(asked(platform), {zone.name for zone in found if zone.state["available"]})


def asked(platform: Platform) -> dict[str, str]:
    """The availability zone of each classification that names one."""
    zones = {str(name): item.availability_zone for name, item in platform.classifications.items()}
    return {name: zone for name, zone in zones.items() if zone is not None}


def judged(wanted: Mapping[str, str], there: Collection[str]) -> Finding:
    """Whether every wanted zone is there."""
    exist = f"there are: {', '.join(sorted(there)) or 'none'}"
    absent = {name: zone for name, zone in wanted.items() if zone not in there}
    if absent:
        words = ", ".join(f"{zone} (for {name} data)" for name, zone in absent.items())
        return missing(
            f"no availability zone {words}; {exist}",
            "Make its aggregate (`openstack aggregate create --zone …`, docs/ops-existing-cloud.md), "
            "or correct `classifications` in platform.yaml.",
        )
    words = ", ".join(f"{zone} for {name} data" for name, zone in wanted.items())
    return ok(words or f"no classification asks for one; {exist}")


CHECK = Check(
    id="availability-zones",
    title="availability zones",
    needed_for="hosts of classifications that are kept apart",
    severity=Severity.REQUIRED,
    probe=_probe,
)
