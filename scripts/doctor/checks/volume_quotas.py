"""Block storage that the platform file does not know of."""

from __future__ import annotations

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok
from scripts.doctor.checks.block_storage import has_block_storage

ORDER = 137


def _probe(examination: Examination) -> Finding:
    if examination.plan.platform.platform.cloud.block_storage:
        return ok("every tenant has a quota of volumes")
    if not has_block_storage(examination.cloud):
        return ok("the cloud has no block storage, so nobody needs one")
    return missing(
        "the cloud has block storage, and platform.yaml does not say so: tenants have Cinder's default quota",
        "Set `cloud.block_storage: true`, and `volumes` and `volume_storage` in the `quota_classes`.",
    )


CHECK = Check(
    id="volume-quotas",
    title="a quota of volumes",
    needed_for="limits of volumes for every tenant",
    severity=Severity.OPTIONAL,
    probe=_probe,
)
