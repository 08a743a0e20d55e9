"""The OSCAL files are valid for another's eyes, and every reference in them leads somewhere."""

from __future__ import annotations

import copy
import json
import re
from argparse import Namespace
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from trestle.core.base_model import OscalBaseModel
from trestle.core.validator_factory import validator_factory
from trestle.oscal import OSCAL_VERSION
from trestle.oscal.assessment_plan import AssessmentPlan
from trestle.oscal.assessment_results import AssessmentResults
from trestle.oscal.catalog import Catalog
from trestle.oscal.mapping import MappingCollection

from scripts.evidence.catalogue import read_catalogue
from scripts.evidence.oscal import assessment
from scripts.evidence.oscal.document import VERSION, check_id
from scripts.evidence.oscal.references import dangling
from scripts.evidence.results import Outcome
from tests.unit.evidence.audited import NOW, evidence, result
from tests.unit.evidence.recording import HOST

MODELS: dict[str, type[OscalBaseModel]] = {
    "catalog": Catalog,
    "checks-catalog": Catalog,
    "mapping-collection": MappingCollection,
    "assessment-plan": AssessmentPlan,
    "assessment-results": AssessmentResults,
}


def documents(run: Path) -> dict[str, Any]:
    return {f"oscal/{path.name}": json.loads(path.read_bytes()) for path in (run / "oscal").glob("*.json")}


def files(sealed: Path) -> frozenset[str]:
    return frozenset(path.relative_to(sealed).as_posix() for path in sealed.rglob("*") if path.is_file())


def test_the_files_name_the_version_that_was_validated(sealed: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in (sealed / "oscal").glob("*.json")]
    assert OSCAL_VERSION == VERSION
    assert len(texts) == len(MODELS)
    assert all(f'"oscal-version":"{VERSION}"' in text for text in texts)


@pytest.mark.parametrize("name", MODELS)
def test_trestle_finds_it_valid(sealed: Path, name: str) -> None:
    model = MODELS[name].oscal_read(sealed / "oscal" / f"{name}.json")
    assert model is not None
    assert validator_factory.get(Namespace(mode="all")).model_is_valid(model, quiet=True)


def test_the_catalogue_holds_every_control(sealed: Path) -> None:
    text = (sealed / "oscal" / "catalog.json").read_text(encoding="utf-8")
    assert all(f'"mlps-{key}"' in text for key in read_catalogue().controls)


def test_every_reference_leads_somewhere(sealed: Path) -> None:
    assert dangling(documents(sealed), files(sealed)) == ()


def _lose(sealed: Path, path: list[str | int], value: str) -> tuple[str, ...]:
    """What is said when one reference of the results leads to nothing."""
    broken = copy.deepcopy(documents(sealed))
    node = broken["oscal/assessment-results.json"]["assessment-results"]
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return dangling(broken, files(sealed))


NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["results", 0, "observations", 0, "subjects", 0, "subject-uuid"], NOWHERE),
        (["results", 0, "observations", 0, "uuid"], NOWHERE),
        (["results", 0, "findings", 0, "related-observations", 0, "observation-uuid"], NOWHERE),
        (["results", 0, "findings", 0, "target", "target-id"], "mlps-9.9-z_obj.machine"),
        (["results", 0, "observations", 0, "relevant-evidence", 0, "href"], "../raw/hosts/nobody.json"),
        (["results", 0, "observations", 0, "uuid"], "no uuid"),
        (["import-ap", "href"], "plan.json"),
    ],
)
def test_a_reference_that_leads_nowhere_is_found(sealed: Path, path: list[str | int], value: str) -> None:
    assert _lose(sealed, path, value)


def test_an_identity_that_two_things_have_is_found(sealed: Path) -> None:
    observations = documents(sealed)["oscal/assessment-results.json"]["assessment-results"]["results"][0][
        "observations"
    ]
    twice = _lose(sealed, ["results", 0, "observations", 0, "uuid"], observations[1]["uuid"])
    assert any("there twice" in problem for problem in twice)


def test_a_failed_check_is_a_finding_that_is_not_satisfied(sealed: Path) -> None:
    results = documents(sealed)["oscal/assessment-results.json"]["assessment-results"]["results"]
    states = {
        finding["target"]["target-id"]: finding["target"]["status"]["state"]
        for item in results
        if "Xiangyang" in item["title"]
        for finding in item["findings"]
    }
    assert states["mlps-8.1.4.4-e_obj.machine"] == "not-satisfied"
    assert states["mlps-8.1.4.4-b_obj.machine"] == "satisfied"


def test_an_observation_names_the_file_that_holds_the_answer(sealed: Path) -> None:
    results = documents(sealed)["oscal/assessment-results.json"]["assessment-results"]["results"]
    sources = {
        prop["value"]: [item["href"] for item in one["relevant-evidence"]]
        for item in results
        for one in item["observations"]
        for prop in one["props"]
        if prop["name"] == "check" and one["title"]
    }
    assert sources[check_id("portal", "old_protocols_refused")] == [f"../raw/portals/{HOST}.json"]
    assert sources[check_id("portal", "attacks_recorded")] == [
        f"../raw/hosts/{HOST}.json",
        f"../raw/portals/{HOST}.json",
    ]
    assert sources[check_id("platform", "no_trusts")] == ["../raw/cloud.json"]


def test_an_observation_says_when_its_answer_came() -> None:
    then = NOW - timedelta(minutes=3)
    one = evidence(replace(result(Outcome.PASSED), collected=then), result(Outcome.PASSED, "web-2"))
    made: Any = assessment.results([one], "run")
    assert [item["collected"] for item in made["results"][0]["observations"]] == [
        then.isoformat(timespec="seconds"),
        NOW.isoformat(timespec="seconds"),
    ]


def test_names_of_checks_become_tokens_that_stay_apart() -> None:
    names = ["one_foot", "option[a/b]", "option[a b]", "option[a.b]", "选项"]
    tokens = [check_id("ssh", name) for name in names]
    assert len(set(tokens)) == len(names)
    assert tokens[0] == "check.ssh.one_foot"
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", token) for token in tokens)
