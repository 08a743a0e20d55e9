"""What the referees say is read right, and no failure goes by without a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from scripts.bench import referees
from scripts.bench.figure import Figure
from scripts.bench.referees import Verdict, disagreements, hardening_index, rules
from stacks.errors import HostError

RESULTS = """<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2"><TestResult>
<rule-result idref="xccdf_org.ssgproject.content_rule_good"><result>pass</result></rule-result>
<rule-result idref="xccdf_org.ssgproject.content_rule_bad"><result>fail</result></rule-result>
<rule-result idref="xccdf_org.ssgproject.content_rule_vain"><result>notapplicable</result></rule-result>
<rule-result idref="xccdf_org.ssgproject.content_rule_other"><result>notselected</result></rule-result>
</TestResult></Benchmark>"""


def test_only_rules_that_apply_count() -> None:
    passed, failed = rules(RESULTS.encode())
    assert (set(passed), set(failed)) == ({"good"}, {"bad"})
    verdict = Verdict(80, passed, failed)
    assert (verdict.applicable, verdict.share) == (2, 50.0)


def test_the_index_is_read() -> None:
    assert hardening_index("lynis_version=3\nhardening_index=87\nend\n") == 87


def test_a_run_that_broke_off_has_no_index() -> None:
    with pytest.raises(HostError, match="did not run to its end"):
        hardening_index("report_version_major=1\n")


def test_a_failure_without_a_reason_is_an_error() -> None:
    (said,) = disagreements({"a", "b"}, {"a"})
    assert said.startswith("b fails")


def test_a_reason_without_a_failure_is_an_error() -> None:
    (said,) = disagreements({"a"}, {"a", "b"})
    assert said.startswith("b passes")


def test_agreement_says_nothing() -> None:
    assert disagreements({"a"}, {"a"}) == []


def test_the_file_gives_every_rule_once_with_a_day_and_a_reason() -> None:
    listed = referees.read()
    names = [item.rule for item in listed.accepted]
    assert names == sorted(set(names))
    assert all(item.hosts and len(item.reason) > 40 for item in listed.accepted)
    assert all(item.since <= datetime.now(UTC).date() for item in listed.accepted)


def test_a_reason_holds_for_its_kind_of_host_only() -> None:
    listed = referees.read()
    assert "apparmor_configured" in listed.reasons("container")
    assert "apparmor_configured" not in listed.reasons("vm")


def test_each_kind_of_host_has_goals_of_its_own() -> None:
    listed = referees.read()
    assert listed.goals("vm") == (listed.lynis.vm, listed.openscap.vm)
    assert listed.goals("container") == (listed.lynis.container, listed.openscap.container)
    assert listed.goals("vm") != listed.goals("container")


def test_an_entry_without_a_reason_is_refused(tmp_path: Path) -> None:
    text = referees.FILE.read_text(encoding="utf-8")
    path = tmp_path / "referees.yaml"
    path.write_text(text.replace("    reason: A container has no boot loader", "    because: A container"))
    with pytest.raises(ValidationError, match="reason"):
        referees.read(path)


def test_a_goal_can_be_what_is_needed_at_least() -> None:
    assert Figure("index", 87, "", 86, "x", floor=True).met
    assert not Figure("index", 85, "", 86, "x", floor=True).met
    assert Figure("index", 85, "", 86, "x", floor=True).aim == "≥ 86"
