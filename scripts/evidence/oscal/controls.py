"""The control catalogue, the checks, and which check is evidence for which control."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from scripts.evidence.catalogue import Catalogue, Control, Group
from scripts.evidence.oscal.document import (
    CATALOG,
    CHECKS,
    Json,
    check_id,
    control_id,
    hand_objective,
    head,
    identity,
    machine_objective,
    prop,
)
from scripts.evidence.results import Result


def catalog(catalogue: Catalogue, at: datetime, version: str) -> Json:
    """MLPS 2.0 level 3 as an OSCAL catalog."""
    title = "MLPS 2.0 level 3 with the cloud extension (GB/T 22239-2019), in our own words"
    return {
        "uuid": identity("catalog", version),
        "metadata": head(title, at, version),
        "groups": [
            {
                "id": f"mlps-{chapter.clause}",
                "title": f"{chapter.title.en} / {chapter.title.zh}",
                "groups": [_clause(group, chapter.clause) for group in chapter.groups],
            }
            for chapter in catalogue.chapters
        ],
    }


def _clause(group: Group, chapter: str) -> Json:
    ending = "-clause" if group.clause == chapter else ""
    return {
        "id": f"mlps-{group.clause}{ending}",
        "title": f"{group.title.en} / {group.title.zh}",
        "controls": [_control(control) for control in group.controls],
    }


def _control(control: Control) -> Json:
    return {
        "id": control_id(control.id),
        "title": f"{control.title.en} / {control.title.zh}",
        "props": [
            {"name": "label", "value": control.id},
            prop("test-unit", control.unit),
            prop("kind", control.kind),
            prop("severity", control.severity),
        ],
        "parts": list(_parts(control)),
    }


def _parts(control: Control) -> Iterator[Json]:
    base = control_id(control.id)
    yield {"id": f"{base}_smt", "name": "statement", "prose": control.requirement.en}
    yield {"id": f"{base}_smt.zh", "name": "statement", "class": "zh", "prose": control.requirement.zh}
    if control.kind == "automated":
        prose = "Every check that the mapping names passes on every host, and in the cloud."
        yield {"id": machine_objective(control.id), "name": "assessment-objective", "prose": prose}
    if control.by_hand:
        asked = [prop("ask", control.by_hand.ask.name.lower().replace("_", "-"))]
        yield {
            "id": hand_objective(control.id),
            "name": "assessment-objective",
            "props": asked,
            "prose": control.by_hand.en,
        }
    if control.reason:
        yield {"id": f"{base}_gdn", "name": "guidance", "prose": control.reason.en}


def checks(results: Iterable[Result], at: datetime, version: str) -> Json:
    """The checks of a run as a catalog of their own, by subject."""
    areas: dict[str, dict[str, Result]] = {}
    for result in results:
        areas.setdefault(result.area, {}).setdefault(result.check, result)
    return {
        "uuid": identity("checks", version),
        "metadata": head("Checks of the audit", at, version),
        "groups": [
            {
                "id": f"area.{area}",
                "title": area.replace("_", " "),
                "controls": [
                    {
                        "id": check_id(area, check),
                        "title": " ".join(first.title.split()) or check,
                        "parts": [
                            {"id": f"{check_id(area, check)}_smt", "name": "statement", "prose": first.title}
                        ],
                    }
                    for check, first in found.items()
                ],
            }
            for area, found in areas.items()
        ],
    }


def mapping(results: Iterable[Result], at: datetime, version: str) -> Json:
    """Which checks are evidence for which control."""
    shown: dict[str, dict[str, None]] = {}
    for result in results:
        for control in result.controls:
            shown.setdefault(control, {})[check_id(result.area, result.check)] = None
    rationale = {
        "method": "human",
        "matching-rationale": "functional",
        "status": "complete",
    }
    return {
        "uuid": identity("mapping", version),
        "metadata": head("Which checks are evidence for which control", at, version),
        "provenance": {
            **rationale,
            "mapping-description": "The marks of the checks and the `checks` of the control catalogue.",
        },
        "mappings": [
            {
                "uuid": identity("mapping", version, "controls"),
                **rationale,
                "source-resource": {"type": "catalog", "href": CATALOG},
                "target-resource": {"type": "catalog", "href": CHECKS},
                "maps": [
                    {
                        "uuid": identity("map", version, control),
                        "relationship": "intersects-with",
                        "sources": [{"type": "control", "id-ref": control_id(control)}],
                        "targets": [{"type": "control", "id-ref": check} for check in found],
                    }
                    for control, found in shown.items()
                ],
            }
        ],
    }
