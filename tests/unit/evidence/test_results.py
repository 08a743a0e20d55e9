"""From results to evidence: verdicts, control states, JUnit, the page, the terminal."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from pydantic import TypeAdapter
from rich.console import Console

from scripts.evidence import page
from scripts.evidence.catalogue import read_catalogue
from scripts.evidence.junit import junit
from scripts.evidence.results import Evidence, Outcome
from scripts.evidence.terminal import rendered
from scripts.evidence.views import State, areas, chapter_views, failures, state_counts
from stacks.language import Language
from tests.unit.evidence.audited import CONTROL, evidence, result, subject


@pytest.mark.parametrize(
    ("outcomes", "passed"),
    [
        ([Outcome.PASSED], True),
        ([Outcome.PASSED, Outcome.NOT_APPLICABLE], True),
        ([Outcome.PASSED, Outcome.FAILED], False),
        ([Outcome.PASSED, Outcome.ERROR], False),
        ([Outcome.NOT_APPLICABLE], False),
        ([], False),
    ],
)
def test_only_what_was_checked_and_not_bad_passes(outcomes: list[Outcome], passed: bool) -> None:
    assert evidence(*map(result, outcomes)).passed is passed


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        ([Outcome.PASSED], State.MET),
        ([Outcome.PASSED, Outcome.FAILED], State.NOT_MET),
        ([Outcome.ERROR], State.NOT_MET),
        ([Outcome.NOT_APPLICABLE], State.NOT_SHOWN),
        ([], State.NOT_SHOWN),
    ],
)
def test_a_control_is_met_by_results_alone(outcomes: list[Outcome], state: State) -> None:
    views = chapter_views([result(outcome) for outcome in outcomes], read_catalogue())
    found = {v.control.id: v.state for c in views for g in c.groups for v in g.controls}
    assert found[CONTROL] is state


def test_a_control_that_is_met_says_how_many_results_do_not_apply() -> None:
    item = evidence(
        *(result(one) for one in (Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.NOT_APPLICABLE))
    )
    shown = tenant_page(item)
    assert "2 of 3 results not applicable here" in shown
    assert "Of the controls that are met, 1 rest on a part of their checks" in shown
    whole = page.run_page(subject(item))
    assert "met, 2 of 3 results not applicable here" in whole
    assert "✓<sub>2</sub>" in whole
    assert "<sub>" not in page.run_page(subject(evidence(result(Outcome.PASSED))))
    assert (
        "not applicable here"
        not in re.findall(
            r'(?s)<table class="controls">.*?</table>', tenant_page(evidence(result(Outcome.PASSED)))
        )[0]
    )


def tenant_page(found: Evidence, language: Language = Language.EN) -> str:
    return page.tenant_page(found, subject(found), language)


@settings(deadline=None)
@given(st.lists(st.sampled_from(list(Outcome)), max_size=8))
def test_every_control_has_one_state_and_manual_ones_are_never_met(outcomes: list[Outcome]) -> None:
    catalogue = read_catalogue()
    views = chapter_views([result(outcome) for outcome in outcomes], catalogue)
    assert sum(state_counts(views).values()) == len(catalogue.controls)
    assert state_counts(views)[State.BY_HAND] == len(catalogue.controls) - len(catalogue.automated)


def test_equal_findings_are_told_once() -> None:
    bad = [result(Outcome.FAILED), result(Outcome.FAILED, "web-2"), result(Outcome.FAILED, observed="three")]
    assert [failure.hosts("the cloud") for failure in failures(bad)] == [("web-1", "web-2"), ("web-1",)]


def test_checks_that_could_not_be_made_are_one_finding() -> None:
    bad = [result(Outcome.ERROR, check=name, observed="host is gone") for name in ("a", "b", "c")]
    (failure,) = failures(bad)
    assert failure.unmade
    assert failure.hosts("the cloud") == ("web-1",)


def test_the_matrix_has_a_place_for_every_host() -> None:
    found = areas([result(Outcome.PASSED), result(Outcome.FAILED, "web-2")], ["", "web-1", "web-2"])
    (row,) = found["network"]
    assert [cell and cell.outcome for cell in row.cells] == [None, Outcome.PASSED, Outcome.FAILED]


def test_junit_counts_and_names_everything() -> None:
    root = ET.fromstring(junit(evidence(*map(result, Outcome))))  # noqa: S314 - made a line above
    suite = root[0]
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["5", "1", "1", "2"]
    case = suite.findall("testcase")[1]
    assert case.get("classname") == "web-1.network"
    assert "Mend it." in (case.findtext("failure") or "")
    assert f"control {CONTROL}" in [item.get("name") for item in case.iter("property")]


@settings(deadline=None)
@given(st.text())
def test_junit_is_well_formed_whatever_a_host_says(words: str) -> None:
    text = "".join(char for char in words if not "\ud800" <= char <= "\udfff")
    ET.fromstring(junit(evidence(result(Outcome.FAILED, observed=text))))  # noqa: S314 - made a line above


@settings(deadline=None, max_examples=25)
@given(st.text())
def test_the_page_shows_what_a_host_says_as_text(words: str) -> None:
    text = "<script>" + words
    shown = tenant_page(evidence(result(Outcome.FAILED, observed=text)))
    assert "<script>" not in shown
    assert str(escape(text)) in shown


@pytest.mark.parametrize("outcome", Outcome)
def test_the_page_says_the_verdict_first(outcome: Outcome) -> None:
    found = evidence(result(outcome))
    shown = tenant_page(found)
    assert ("✓ Passed" in shown) is found.passed
    assert shown.index("Verdict") < shown.index('id="controls"') < shown.index('id="by-hand"')
    assert "Tenant &amp; co" in shown
    assert "a" * 64 in shown


def test_the_page_needs_nothing_from_elsewhere() -> None:
    shown = tenant_page(evidence(result(Outcome.PASSED)))
    for word in ("http://", "https://", "<script", "<link", "url(", "@import"):
        assert word not in shown


def test_evidence_is_the_same_after_reading_it_back() -> None:
    adapter = TypeAdapter(Evidence)
    found = evidence(*map(result, Outcome))
    assert adapter.validate_json(adapter.dump_json(found)) == found


def test_the_terminal_shows_counts_findings_and_where_the_evidence_is() -> None:
    console = Console(width=100, record=True, file=None, quiet=False)
    with console.capture() as captured:
        console.print(
            rendered([result(Outcome.FAILED), result(Outcome.PASSED)], [Path("/evidence/index.html")])
        )
    shown = captured.get()
    for words in ("web-1", "✗ The host has one foot.", "observed two", "Mend it.", "/evidence/index.html"):
        assert words in shown
