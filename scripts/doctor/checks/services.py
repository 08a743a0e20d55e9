"""Region and services in the catalog."""

from __future__ import annotations

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok

ORDER = 70
REQUIRED = ("identity", "compute", "network", "image")


def _probe(examination: Examination) -> Finding:
    region = examination.plan.platform.platform.cloud.region
    catalog = examination.cloud.service_catalog
    regions = {end["region_id"] for service in catalog for end in service["endpoints"]}
    if region not in regions:
        return missing(
            f"no region {region!r}; known: {', '.join(sorted(regions)) or 'none'}",
            "Correct `cloud.region` in tenants/platform.yaml.",
        )
    offered = {
        service["type"]
        for service in catalog
        if any(end["region_id"] == region and end["interface"] == "public" for end in service["endpoints"])
    }
    absent = [name for name in REQUIRED if name not in offered]
    if absent:
        return missing(
            f"{region} has no public endpoint of: {', '.join(absent)}",
            "Ask the operators of the cloud to add it to the catalog.",
        )
    return ok(f"{region}: {', '.join(sorted(offered))}")


CHECK = Check(
    id="services",
    title="region and services",
    needed_for="everything that is built",
    severity=Severity.REQUIRED,
    probe=_probe,
)
