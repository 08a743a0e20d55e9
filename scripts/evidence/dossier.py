"""Evidence: results put together with what they are bound to, and written for people and for tools."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter

from scripts.evidence import page
from scripts.evidence.catalogue import read_catalogue
from scripts.evidence.estate import Estate
from scripts.evidence.junit import junit
from scripts.evidence.provenance import host_summary, provenance
from scripts.evidence.recorder import Recorder
from scripts.evidence.results import Evidence, Provenance
from scripts.evidence.target import PLATFORM, targets
from stacks.plan.digest import digest
from stacks.plan.model import Plan
from stacks.settings import Settings

PAGE, JUNIT, DATA = "index.html", "junit.xml", "evidence.json"


def folder(settings: Settings, tenant: str = "") -> Path:
    """Where the evidence of a tenant lies; without one, where all of it lies."""
    return settings.home / "evidence" / tenant


def write(estate: Estate, recorder: Recorder) -> tuple[Evidence, ...]:
    """Write the evidence of every tenant that was audited as a whole, and the index over all."""
    settings = estate.deployment.settings
    origin = provenance(estate, recorder.started)
    written = tuple(_evidence(estate, recorder, origin, tenant) for tenant in sorted(recorder.whole))
    for evidence in written:
        target = folder(settings, evidence.tenant)
        target.mkdir(parents=True, exist_ok=True)
        _replace(target / DATA, TypeAdapter(Evidence).dump_json(evidence, indent=1))
        _replace(target / JUNIT, junit(evidence))
        _replace(target / PAGE, page.tenant_page(evidence, read_catalogue()).encode())
    if written:
        _replace(folder(settings) / PAGE, page.index_page(_all(settings, estate.deployment.plan)).encode())
    return written


def read(settings: Settings, tenant: str) -> Evidence | None:
    """The newest evidence of a tenant; `None` when it was never audited."""
    path = folder(settings, tenant) / DATA
    return TypeAdapter(Evidence).validate_json(path.read_bytes()) if path.exists() else None


def _all(settings: Settings, plan: Plan) -> list[Evidence]:
    ids = (PLATFORM, *(tenant.id for tenant in plan.tenants))
    return [found for tenant in ids if (found := read(settings, tenant))]


def _evidence(estate: Estate, recorder: Recorder, origin: Provenance, tenant: str) -> Evidence:
    plan = estate.deployment.plan
    hosts = tuple(host_summary(estate, target) for target in targets(plan) if target.tenant == tenant)
    results = recorder.of(tenant)
    if tenant == PLATFORM:
        return Evidence(
            PLATFORM, "Shared platform", "共享平台", 3, digest(plan.platform), origin, hosts, results
        )
    request = plan.tenant(tenant).request
    return Evidence(
        tenant=tenant,
        name_en=request.name.en,
        name_zh=request.name.zh,
        level=request.mlps_level,
        plan=digest(plan.tenant(tenant)),
        provenance=origin,
        hosts=hosts,
        results=results,
    )


def _replace(path: Path, content: bytes) -> None:
    """In one step, so that a reader sees the old file or the new one."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
