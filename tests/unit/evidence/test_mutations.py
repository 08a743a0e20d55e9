"""What the lab breaks is enough, and what it saw is committed: each automated control was seen to fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scripts.evidence import page
from scripts.evidence.catalogue import read_catalogue
from scripts.evidence.mutations import Break, Proofs, read_proofs, written
from scripts.evidence.results import Outcome
from stacks.errors import RequestError
from tests.lab import mutation
from tests.lab.test_audit_cloud import RED
from tests.lab.test_audit_hosts import ALL
from tests.lab.test_own_kernel import RED as OWN_KERNEL
from tests.unit.evidence.audited import CONTROL, NOW, evidence, result, subject
from tests.unit.evidence.checks import CHECKS

NAMES = {check.name for check in CHECKS}
HOST_RED = frozenset().union(*(item.red for item in ALL), *OWN_KERNEL.values())
CLOUD_RED = frozenset(check for found in RED.values() for check, _ in found)
TIME = "time/time_service"
SEEN = Break(TIME, ("8.1.5.4-f",), "systemctl stop chrony", "web-1", 0, NOW - timedelta(9), "a" * 40)


@pytest.mark.parametrize("check", sorted(HOST_RED | CLOUD_RED))
def test_what_turns_red_is_a_check(check: str) -> None:
    assert check in NAMES


def test_every_automated_control_has_a_break_on_the_lab() -> None:
    assert read_catalogue().automated - mutation.proved(HOST_RED | CLOUD_RED) == set()


def test_every_automated_control_was_seen_to_fail() -> None:
    missing = read_catalogue().automated - read_proofs().covered(read_catalogue())
    assert not missing, (
        f"policies/mutations.json does not say how {sorted(missing)} were broken. {mutation.HOW}"
    )


def test_the_committed_file_names_checks_and_controls_that_exist() -> None:
    known = read_proofs().breaks
    strangers = [one.check for one in known if one.check not in NAMES]
    assert not strangers, f"no such check: {strangers}. {mutation.HOW}"
    others = [one.check for one in known if set(one.controls) != mutation.controls_of(one.check)]
    assert not others, f"evidence for other controls by now: {others}. Run .venv/bin/{mutation.COMMAND}."


def test_the_page_says_what_the_file_says() -> None:
    found = mutation.PAGE.read_text(encoding="utf-8")
    assert found == mutation.page(read_proofs()), (
        f"docs/mutations.md is old. Run .venv/bin/{mutation.COMMAND}."
    )


def test_what_was_broken_at_once_is_told_from_what_was_broken_alone(tmp_path: Path) -> None:
    file = tmp_path / "build" / "mutations.json"
    mutation.record(file, "web-1", {"rm -rf | true": ["files/set_id_programs"]})
    mutation.record(file, "web-1", {"sysctl": [TIME], "date": ["time/clock_follows"]})
    shown = mutation.page(read_proofs(file))
    assert r"| 8.1.4.2-d | files/set_id_programs | `rm -rf \| true` | web-1 | alone | 20" in shown
    assert f"| 8.1.5.4-f | {TIME} | `sysctl` | web-1 | 1 others |" in shown
    assert "Not yet: 8.1" in shown


def test_a_session_takes_the_place_of_earlier_ones_check_by_check(tmp_path: Path) -> None:
    file = tmp_path / "mutations.json"
    other = replace(SEEN, check="time/clock_follows")
    file.write_text(written([SEEN, other]))
    mutation.record(file, "web-1", {"date": [TIME]})
    mutation.record(file, "web-2", {"sysctl": [TIME]})
    found = read_proofs(file).breaks
    assert [(one.check, one.broken) for one in found] == [
        ("time/clock_follows", "systemctl stop chrony"), (TIME, "date"), (TIME, "sysctl"),
    ]  # fmt: skip


def test_what_was_seen_takes_the_place_of_what_is_committed() -> None:
    gone, again = replace(SEEN, check="time/no_more"), replace(SEEN, broken="date", controls=())
    (found,) = mutation.merged([SEEN, gone], [again])
    assert found.broken == "date"
    assert set(found.controls) == mutation.controls_of(TIME)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "mutations.json").write_text('[{"check": 1}]')
    with pytest.raises(RequestError, match=r"mutations\.json"):
        read_proofs(tmp_path / "mutations.json")


def test_pages_tell_age_and_commit_of_the_proofs() -> None:
    old = replace(SEEN, controls=(CONTROL,), when=NOW - timedelta(40), commit="b" * 40 + "+changes")
    item = evidence(result(Outcome.PASSED))
    told = replace(subject(item), proofs=Proofs((replace(SEEN, controls=(CONTROL,)), old)))
    for shown in (page.run_page(told), page.tenant_page(item, told)):
        assert f"1 of {len(read_catalogue().automated)} automated controls are proved able to fail" in shown
        assert "was 9 days old at the time of the audit, the oldest 40" in shown
        assert "aaaaaaaaaa, bbbbbbbbbb+" in shown
    assert "Seen to fail by 2 breaks, last on 2026-11-12 at aaaaaaaaaa." in page.tenant_page(item, told)
    nothing = replace(told, proofs=Proofs(()))
    assert "Never seen to fail on a real host or cloud." in page.tenant_page(item, nothing)


def test_the_time_of_a_record_is_in_utc(tmp_path: Path) -> None:
    file = tmp_path / "mutations.json"
    mutation.record(file, "web-1", {"date": [TIME]})
    (found,) = read_proofs(file).breaks
    assert mutation.STARTED <= found.when <= datetime.now(UTC)
    assert len(found.commit.removesuffix("+changes")) == 40
