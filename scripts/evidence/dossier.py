"""Evidence: the results of a run put together with what they rest on, in one sealed folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from scripts.evidence import page, runs, seal
from scripts.evidence.catalogue import Catalogue, read_catalogue
from scripts.evidence.changes import compare
from scripts.evidence.estate import Estate
from scripts.evidence.junit import junit
from scripts.evidence.mutations import FILE as MUTATIONS
from scripts.evidence.mutations import read_proofs
from scripts.evidence.oscal.write import oscal_files
from scripts.evidence.provenance import host_summary, provenance
from scripts.evidence.raw import Sieve, raw_files, secrets_of
from scripts.evidence.recorder import Recorder
from scripts.evidence.results import Evidence, Outcome, Provenance
from scripts.evidence.runs import DATA, SUMMARY, Run, TenantSummary
from scripts.evidence.target import PLATFORM, targets
from scripts.evidence.views import chapter_views, state_counts
from scripts.evidence.waiver import Decision
from scripts.evidence.words import file_name
from stacks.errors import RequestError
from stacks.language import Language, say
from stacks.plan.digest import digest
from stacks.settings import Settings

PAGE, JUNIT = "index.html", "junit.xml"


def folder(settings: Settings, tenant: str = "") -> Path:
    """Where the newest evidence of a tenant is found; without one, the page over all runs."""
    return runs.root(settings) / tenant


def signing_key(settings: Settings) -> Path:
    """The key that signs evidence, made when it is first needed; its public half ends in `.pub`."""
    key = settings.home / "keys" / "evidence"
    seal.ensure_key(key)
    return key


def write(estate: Estate, recorder: Recorder) -> tuple[Evidence, ...]:
    """Write the run's folder, with every tenant that was audited as a whole, and the index over all runs."""
    settings = estate.deployment.settings
    origin = provenance(estate, recorder.started)
    everything = tuple(_evidence(estate, recorder, origin, tenant) for tenant in sorted(recorder.whole))
    if everything:
        recorder.tell(say("audit.writing"))
        _publish(settings, estate, everything, recorder.waivers)
    return everything


def read(settings: Settings, tenant: str) -> Evidence | None:
    """The newest evidence of a tenant; `None` when it was never audited."""
    path = folder(settings, tenant) / DATA
    return TypeAdapter(Evidence).validate_json(path.read_bytes()) if path.exists() else None


def _publish(
    settings: Settings, estate: Estate, everything: tuple[Evidence, ...], decisions: tuple[Decision, ...]
) -> None:
    """A reader sees the whole folder or none: it gets its name when it is complete and sealed."""
    place = runs.root(settings) / runs.RUNS
    place.mkdir(parents=True, exist_ok=True)
    earlier = runs.before(runs.runs(settings), (item.tenant for item in everything))
    run = _run(settings, everything, earlier)
    part = place / f".{run.id}.part"
    shutil.rmtree(part, ignore_errors=True)
    files, run = _files(settings, estate, everything, decisions, run, earlier)
    for name, content in files.items():
        target = part / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    seal.seal(part, signing_key(settings))
    part.rename(place / run.id)
    runs.link(settings, run)
    write_index(settings)


def write_index(settings: Settings) -> None:
    """Write the page over all runs that are kept, in both languages."""
    known = runs.runs(settings)
    for language in Language:
        target = runs.root(settings) / file_name("index", language)
        _replace(target, page.index_page(known, language).encode())


def _run(settings: Settings, everything: tuple[Evidence, ...], earlier: Run | None) -> Run:
    catalogue = read_catalogue()
    origin = everything[0].provenance
    summaries = tuple(_summary(item, catalogue) for item in everything)
    name = first = runs.run_id(origin.started, origin.commit)
    place, count = runs.root(settings) / runs.RUNS, 1
    while os.path.lexists(place / name):
        count += 1
        name = f"{first}-{count}"
    return Run(name, origin, summaries, earlier.id if earlier else "", ())


def _files(
    settings: Settings,
    estate: Estate,
    everything: tuple[Evidence, ...],
    decisions: tuple[Decision, ...],
    run: Run,
    before: Run | None,
) -> tuple[dict[str, bytes], Run]:
    """Every file of a run but its seal, and the run with what was withheld."""
    sieve = Sieve(secrets_of(settings.home))
    tenants = [item.tenant for item in everything]
    files = {f"raw/{name}": content for name, content in raw_files(estate, tenants, sieve)}
    files |= {
        f"raw/waivers/{item.name}.yaml": sieve.clean(f"waivers/{item.name}", item.source).encode()
        for item in decisions
    }
    files[MUTATIONS.name] = MUTATIONS.read_bytes()
    for item in everything:
        files[f"{item.tenant}/{DATA}"] = TypeAdapter(Evidence).dump_json(item, indent=1)
        files[f"{item.tenant}/{JUNIT}"] = junit(item)
    files |= oscal_files(everything, read_catalogue(), run.id, frozenset(files))
    run = replace(run, withheld=tuple(sieve.withheld))
    files[SUMMARY] = TypeAdapter(Run).dump_json(run, indent=1)
    subject = _subject(settings, estate, everything, decisions, run, _earlier(settings, before))
    files |= {name: text.encode() for name, text in page.run_pages(subject)}
    return files, run


def _subject(
    settings: Settings,
    estate: Estate,
    everything: tuple[Evidence, ...],
    decisions: tuple[Decision, ...],
    run: Run,
    earlier: tuple[Evidence, ...],
) -> page.Subject:
    plans = {item.tenant: item.plan for item in earlier}
    key = signing_key(settings)
    return page.Subject(
        run=run.id,
        everything=everything,
        catalogue=read_catalogue(),
        plan=estate.deployment.plan,
        changes=compare(earlier, everything) if earlier else (),
        before=run.before if earlier else "",
        replanned=frozenset(
            item.tenant for item in everything if plans.get(item.tenant, item.plan) != item.plan
        ),
        fingerprint=seal.fingerprint(key.with_name(f"{key.name}.pub")),
        withheld=run.withheld,
        decisions=decisions,
        proofs=read_proofs(),
    )


def _earlier(settings: Settings, before: Run | None) -> tuple[Evidence, ...]:
    """What changes are told against; a run that cannot be read any more must not stop this one."""
    try:
        return runs.evidence_of(settings, before) if before else ()
    except RequestError:
        return ()


def _summary(evidence: Evidence, catalogue: Catalogue) -> TenantSummary:
    counts: Mapping[str, int] = {outcome.value: evidence.count(outcome) for outcome in Outcome}
    states = state_counts(chapter_views(evidence.results, catalogue))
    return TenantSummary(
        tenant=evidence.tenant,
        name_en=evidence.name_en,
        name_zh=evidence.name_zh,
        plan=evidence.plan,
        passed=evidence.passed,
        hosts=len(evidence.hosts),
        counts=dict(counts),
        controls={state.value: count for state, count in states.items()},
    )


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
