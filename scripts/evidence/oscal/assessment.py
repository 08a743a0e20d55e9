"""Assessment plan and results of a run: one result a tenant, one observation a check and host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scripts.evidence.catalogue import Catalogue
from scripts.evidence.oscal.document import (
    PLAN,
    Json,
    check_id,
    head,
    identity,
    machine_objective,
    prop,
    resource,
    select,
)
from scripts.evidence.results import Evidence, Outcome, Result

CLOUD = "cloud"
"""The subject of checks that look at no host."""


def plan(evidence: Sequence[Evidence], catalogue: Catalogue, run: str, plans: Mapping[str, str]) -> Json:
    """What was to be assessed.

    Args:
        plans: SHA-256 of each tenant's plan file, by tenant. The plan stands where OSCAL expects a system
            security plan: it says what the system has to be.
    """
    resources = [
        resource(f"../raw/plan/{tenant}.json", f"Plan of {tenant}", sha256)
        for tenant, sha256 in plans.items()
    ]
    return {
        "uuid": identity("plan", run),
        "metadata": head("What the audit assesses", evidence[0].provenance.finished, run),
        "import-ssp": {
            "href": f"#{resources[0]['uuid']}",
            "remarks": "The plan, resolved from the requests in Git, says what the system has to be.",
        },
        "reviewed-controls": select(sorted(catalogue.automated)),
        "back-matter": {"resources": resources},
    }


def results(evidence: Sequence[Evidence], run: str) -> Json:
    """What was found."""
    return {
        "uuid": identity("results", run),
        "metadata": head("What the audit found", evidence[0].provenance.finished, run),
        "import-ap": {"href": PLAN},
        "results": [_result(item, run) for item in evidence if item.results],
    }


def _result(evidence: Evidence, run: str) -> Json:
    origin = evidence.provenance
    observations = {_key(result, place): result for place, result in enumerate(evidence.results)}
    shown: dict[str, list[str]] = {}
    for key, result in observations.items():
        for control in result.controls:
            shown.setdefault(control, []).append(key)
    names = dict.fromkeys(result.host or CLOUD for result in evidence.results)
    return {
        "uuid": identity("result", run, evidence.tenant),
        "title": f"Audit of {evidence.name_en}",
        "description": f"Every check of {evidence.tenant}, against the plan {evidence.plan}.",
        "start": origin.started.isoformat(timespec="seconds"),
        "end": origin.finished.isoformat(timespec="seconds"),
        "props": [
            prop("commit", origin.commit),
            prop("plan-sha256", evidence.plan),
            *(prop("tool", f"{name} {version}") for name, version in origin.tools.items()),
        ],
        "local-definitions": {"components": [_component(run, evidence, name) for name in names]},
        "reviewed-controls": select(sorted(shown) or ["none"]),
        "observations": [_observation(run, evidence, key, item) for key, item in observations.items()],
        "findings": list(_findings(run, evidence, shown, observations)),
        "remarks": "Objectives that end in `.hand` are shown by people; nothing is said of them here.",
    }


def _key(result: Result, place: int) -> str:
    return f"{result.host}/{result.area}/{result.check}/{place}"


def _subject(run: str, evidence: Evidence, name: str) -> str:
    return identity("component", run, evidence.tenant, name)


def _component(run: str, evidence: Evidence, name: str) -> Json:
    summary = next((host for host in evidence.hosts if host.name == name), None)
    software = summary.software if summary else {}
    component: Json = {
        "uuid": _subject(run, evidence, name),
        "type": "system" if name == CLOUD else "host",
        "title": name,
        "description": "The cloud, read through its API." if name == CLOUD else f"Host {name}.",
        "status": {"state": "operational"},
    }
    if software:
        component["props"] = [prop("software", f"{key} {value}") for key, value in software.items()]
    return component


def _observation(run: str, evidence: Evidence, key: str, result: Result) -> Json:
    lines = [
        ("expected", result.expected),
        ("observed", result.observed),
        ("do", result.do),
        ("waiver", result.waiver),
    ]
    text = "\n".join(f"{name}: {value}" for name, value in lines if value)
    return {
        "uuid": identity("observation", run, evidence.tenant, key),
        "title": " ".join(result.title.split()) or result.check,
        "description": text or result.title,
        "props": [prop("outcome", result.outcome), prop("check", check_id(result.area, result.check))],
        "methods": ["TEST"],
        "types": ["control-objective"],
        "subjects": [
            {"subject-uuid": _subject(run, evidence, result.host or CLOUD), "type": "component"},
        ],
        "relevant-evidence": [
            {"href": source, "description": "What it answered."} for source in _sources(result)
        ],
        "collected": (result.collected or evidence.provenance.finished).isoformat(timespec="seconds"),
    }


def _sources(result: Result) -> Iterator[str]:
    """The files of the run's folder that hold what the check judged."""
    for where in result.asked or ("hosts" if result.host else "cloud",):
        if where == "cloud":
            yield "../raw/cloud.json"
        elif where == "waivers":
            yield f"../raw/waivers/{result.check.partition('[')[2].removesuffix(']')}.yaml"
        else:
            yield f"../raw/{where}/{result.host}.json"


def _findings(
    run: str, evidence: Evidence, shown: Mapping[str, Sequence[str]], observations: Mapping[str, Result]
) -> Iterator[Json]:
    """One finding for each control of which something passed or failed."""
    for control, keys in sorted(shown.items()):
        outcomes = {observations[key].outcome for key in keys}
        bad = any(outcome.bad for outcome in outcomes)
        waived = Outcome.WAIVED in outcomes
        if not bad and not waived and Outcome.PASSED not in outcomes:
            continue
        unmet = bad or waived
        reason = "fail" if bad else "other" if waived else "pass"
        away = sum(observations[key].outcome is Outcome.NOT_APPLICABLE for key in keys)
        yield {
            "uuid": identity("finding", run, evidence.tenant, control),
            "title": f"{control} is {'not ' if unmet else ''}met by its checks",
            "description": f"{len(keys)} results are evidence for {control}; {away} are not applicable.",
            "target": {
                "type": "objective-id",
                "target-id": machine_objective(control),
                "status": {"state": "not-satisfied" if unmet else "satisfied", "reason": reason},
            },
            "related-observations": [
                {"observation-uuid": identity("observation", run, evidence.tenant, key)} for key in keys
            ],
        }
