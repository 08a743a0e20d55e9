"""Waivers: read with positions, applied to what failed and to nothing else, over on their day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.evidence import page
from scripts.evidence.catalogue import read_catalogue
from scripts.evidence.finding import Finding
from scripts.evidence.junit import junit
from scripts.evidence.results import Outcome, Result
from scripts.evidence.role import ROLES, own_values, written
from scripts.evidence.views import State, chapter_views, state_counts
from scripts.evidence.waivable import OVERRIDES, WAIVED, arguments
from scripts.evidence.waiver import (
    SUITE,
    Decision,
    Waiver,
    apply,
    check,
    known_checks,
    read_waivers,
    unneeded,
    variables,
)
from stacks.errors import RequestError
from stacks.language import Language, speaking
from stacks.plan.landing_zone import plan_from_folder
from stacks.settings import REPOSITORY
from tests.audit.test_waivers import test_in_force as in_force
from tests.unit.evidence.audited import CONTROL, evidence, result, subject
from tests.unit.evidence.checks import CHECKS

PLAN = plan_from_folder(REPOSITORY / "tenants", date(2026, 11, 22))
TODAY = date(2026, 11, 22)
PAGES = sorted((REPOSITORY / "docs" / "rules").glob("WV*.md"))
EXAMPLES = [
    (path.stem, kind, text)
    for path in PAGES
    for kind, text in re.findall(r"^## (Wrong|Right)\n\n```yaml\n(.*?)^```", path.read_text(), re.M | re.S)
]


def decision(name: str = "network/one_foot", host: str = "web-1", days: int = 30) -> Decision:
    waiver = Waiver(
        checks=(name,), hosts=(host,), reason="It is replaced.", decided_by="Wang Fang",
        since=TODAY - timedelta(60), until=TODAY + timedelta(days),
    )  # fmt: skip
    return Decision("old-scanner", waiver, TODAY)


@pytest.mark.parametrize(("code", "kind", "text"), EXAMPLES, ids=[f"{c}-{k}" for c, k, _ in EXAMPLES])
def test_the_pages_examples_are_what_they_say(code: str, kind: str, text: str, tmp_path: Path) -> None:
    for file in re.split(r"^(?=# policies/waivers/)", text, flags=re.M)[1:]:
        name = file.splitlines()[0].rpartition("/")[2]
        (tmp_path / name).write_text(file, encoding="utf-8")
    _, found = check(tmp_path, PLAN, TODAY)
    assert {item.code for item in found} == ({code} if kind == "Wrong" else set())
    assert all(item.position.line > 1 or code == "WV006" for item in found)


def test_every_code_has_a_page_with_both_examples() -> None:
    assert [path.stem for path in PAGES] == [f"WV00{number}" for number in range(1, 9)]
    assert len(EXAMPLES) == 2 * len(PAGES)


def test_an_unknown_key_and_a_missing_reason_are_told_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("checks: [time/clock_follows]\nhost: [x]\n", encoding="utf-8")
    found = check(tmp_path, PLAN, TODAY)[1]
    assert {"GC042", "GC041"} & {item.code for item in found} or len(found) >= 2
    assert any("host" in str(item) and item.position.line == 2 for item in found)
    with pytest.raises(RequestError, match=r"a\.yaml:2"):
        read_waivers(tmp_path, PLAN, TODAY)


def test_the_names_of_checks_are_those_of_the_suite() -> None:
    assert {item.base for item in CHECKS} == known_checks()


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.FAILED, Outcome.WAIVED),
        (Outcome.PASSED, Outcome.PASSED),
        (Outcome.ERROR, Outcome.ERROR),
        (Outcome.NOT_APPLICABLE, Outcome.NOT_APPLICABLE),
    ],
)
def test_only_what_failed_is_waived(outcome: Outcome, expected: Outcome) -> None:
    assert apply(result(outcome), [decision()]).outcome is expected


def test_a_waived_check_says_who_and_why_and_never_passes() -> None:
    found = apply(result(Outcome.FAILED), [decision()])
    assert "Wang Fang" in found.waiver
    assert "It is replaced." in found.waiver
    assert not found.outcome.bad
    assert not evidence(found).passed
    assert evidence(found, result(Outcome.PASSED)).passed
    views = chapter_views([found, result(Outcome.PASSED)], read_catalogue())
    states = {v.control.id: v.state for c in views for g in c.groups for v in g.controls}
    assert states[CONTROL] is State.WAIVED
    assert state_counts(views)[State.MET] == 0


def test_a_waiver_is_told_in_both_languages() -> None:
    found = apply(result(Outcome.FAILED), [decision()])
    assert "decided by Wang Fang" in found.told("en").waiver
    assert re.search(
        r"批准人 Wang Fang\W有效期 \d{4}-.* 至 \d{4}-.*It is replaced\.", found.told("zh").waiver
    )


@given(st.integers(-90, 90))
def test_a_waiver_helps_until_its_last_day(days: int) -> None:
    found = apply(result(Outcome.FAILED), [decision(days=days)])
    assert (found.outcome is Outcome.WAIVED) is (days >= 0)


@pytest.mark.parametrize(
    ("name", "host", "covers"),
    [
        ("network/one_foot", "web-1", True),
        ("network/one_foot", "web-2", False),
        ("network/routes_as_planned", "web-1", False),
        ("network/one_foot[row]", "web-1", False),
    ],
)
def test_a_waiver_is_for_one_check_in_one_place(name: str, host: str, covers: bool) -> None:
    assert decision(name, host).covers(result(Outcome.FAILED)) is covers


def test_a_waiver_of_one_row_leaves_the_others() -> None:
    row = result(Outcome.FAILED, check="setting[maxsessions]")
    assert decision("network/setting[maxsessions]").covers(row)
    assert decision("network/setting").covers(row)
    assert not decision("network/setting[usepam]").covers(row)


def test_a_waiver_that_nothing_needs_is_known() -> None:
    assert unneeded([result(Outcome.PASSED)], [decision()]) == (decision(),)
    assert unneeded([apply(result(Outcome.FAILED), [decision()])], [decision()]) == ()
    elsewhere = unneeded([result(Outcome.PASSED, host="web-2")], [decision()])
    assert elsewhere == (), "a check that was not made tells nothing"


def test_an_expired_waiver_is_a_finding() -> None:
    in_force(decision())
    with pytest.raises(Finding, match="no longer helps"):
        in_force(decision(days=-1))


def test_variables_are_set_where_and_while_a_waiver_is_in_force() -> None:
    waiver = decision().waiver.model_copy(update={"sets": {"logging_retention": "2year"}})
    item = Decision("a", waiver, TODAY)
    assert variables([item], "web-1", "tenant") == {"logging_retention": "2year"}
    assert variables([item], "web-2", "tenant") == {}
    over = Decision("a", waiver, waiver.until + timedelta(1))
    assert variables([over], "web-1", "tenant") == {}


def test_page_and_junit_show_the_waiver() -> None:
    found: Result = apply(result(Outcome.FAILED), [decision()])
    item = evidence(found, result(Outcome.PASSED))
    shown = page.tenant_page(item, subject(item))
    assert 'id="waivers"' in shown
    assert "It is replaced." in shown
    document = junit(evidence(found)).decode()
    assert "waived: old-scanner, decided by Wang Fang" in document
    assert 'failures="0"' in document


@pytest.mark.parametrize(
    ("sets", "at", "said"),
    [
        ("{ssh_settings_overrides: {MaxSessions: 12}}", "", ""),
        ("{ssh_settings_overrides: {MaxSession: 12}}", "MaxSession:", "did you mean 'MaxSessions'"),
        ("{ssh_settings_overrides: {MaxSessions: many}}", "many", "MaxSessions` with this value: int"),
        ("{ssh_settings_overrides: {MaxSessions: true}}", "true", ": int"),
        ("{ssh_settings_overrides: {HostKey: [1]}}", "[1]", ": list"),
        ("{ssh_settings_overrides: [MaxSessions]}", "[MaxSessions]", ": dict"),
        ("{sudo_settings_overrides: {use_pty: false}}", "", ""),
        ("{sudo_settings_overrides: {use_pty: maybe}}", "maybe", ": bool"),
        ("{accounts_login_defs_overrides: {PASS_MAX_DAYS: 120}}", "PASS_MAX_DAYS", "accounts_password_days"),
        ("{filesystems_mounts_overrides: {/tmp: [nosuid]}}", "", ""),
        ("{filesystems_mounts_overrides: {/tmpp: [nosuid]}}", "/tmpp", "did you mean '/tmp'"),
        ("{kernel_modules_waived: [usb-storage]}", "", ""),
        ("{kernel_modules_waived: [udf, usb_storage]}", "usb_storage", "did you mean 'usb-storage'"),
        ("{audit_rules_waived: [-w /etc/hosts -p wa -k network]}", "", ""),
        ("{audit_rules_waived: [-w /etc/hosts -p wa]}", "-w", "-w /etc/hosts -p wa -k network"),
        ("{integrity_paths_waived: [/etc/agent]}", "", ""),
        ("{portal_rules_waived: [920350]}", "", ""),
        ("{portal_rules_waived: [all]}", "all", ": int"),
        ("{firewall_new_connections: 1}", "1", ": bool"),
        ("{auditor_forwarding: remote}", "remote", ": no, local"),
        ("{packages_names: [1]}", "1", ": str"),
    ],
)
def test_what_a_waiver_sets_is_what_a_role_has(sets: str, at: str, said: str, tmp_path: Path) -> None:
    head = "hosts: [bastion]\nreason: r\ndecided_by: d\nsince: 2026-11-02\nuntil: 2026-12-01\n"
    (tmp_path / "a.yaml").write_text(f"sets: {sets}\n{head}", encoding="utf-8")
    found = check(tmp_path, PLAN, TODAY)[1]
    place = (1, len("sets: ") + sets.index(at) + 1)
    assert [(item.position.line, item.position.column) for item in found] == ([place] if at else [])
    assert all(said in str(item) for item in found)


def test_what_a_role_does_not_have_is_told_in_chinese_too(tmp_path: Path) -> None:
    wrong = next(text for code, kind, text in EXAMPLES if (code, kind) == ("WV007", "Wrong"))
    (tmp_path / "scanner.yaml").write_text(wrong, encoding="utf-8")
    (item,) = check(tmp_path, PLAN, TODAY)[1]
    with speaking(Language.ZH):
        assert "`ssh_settings_overrides` 不能设置" in str(item)


@pytest.mark.parametrize(
    ("first", "second", "places"),
    [
        ("hosts: [taihe-office-oa-1]\nsets: {logging_retention: 1year}", "2year", 1),
        ("tenants: [taihe-office]\nsets: {logging_retention: 1year}", "2year", 1),
        ("hosts: [taihe-office-oa-1]\nsets: {logging_retention: 2year}", "2year", 0),
        ("hosts: [bastion]\nsets: {logging_retention: 1year}", "2year", 0),
        ("hosts: [taihe-office-oa-1]\nuntil: 2026-11-30\nsets: {logging_retention: 1year}", "2year", 0),
        ("hosts: [taihe-office-oa-1]\nsets: {kernel_modules_waived: [udf]}", "2year", 0),
    ],
)
def test_two_waivers_in_force_agree_on_a_host(first: str, second: str, places: int, tmp_path: Path) -> None:
    about = "reason: r\ndecided_by: d\n"
    until = "" if "until" in first else "until: 2026-12-31\n"
    (tmp_path / "a.yaml").write_text(f"{about}since: 2026-11-02\n{until}{first}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(
        f"{about}since: 2026-12-01\nuntil: 2026-12-31\nhosts: [taihe-office-oa-1]\n"
        f"sets: {{logging_retention: {second}, kernel_modules_waived: [sctp]}}\n",
        encoding="utf-8",
    )
    found = check(tmp_path, PLAN, TODAY)[1]
    assert [(item.code, item.position.line) for item in found] == [("WV008", 6)] * places
    assert all(str(item).startswith(str(tmp_path / "b.yaml")) and "a gives" in str(item) for item in found)


def test_two_waivers_of_one_host_add_to_one_another() -> None:
    first = {
        "ssh_settings_overrides": {"MaxSessions": 12, "UseDNS": "yes"},
        "kernel_modules_waived": ["udf", "sctp"],
        "logging_retention": "1year",
    }
    second = {
        "ssh_settings_overrides": {"MaxSessions": 20, "MaxAuthTries": 6},
        "kernel_modules_waived": ["sctp", "hfs"],
        "logging_retention": "2year",
    }
    waivers = [
        Decision(name, decision().waiver.model_copy(update={"sets": sets}), TODAY)
        for name, sets in (("a", first), ("b", second))
    ]
    assert variables(waivers, "web-1", "tenant") == {
        "ssh_settings_overrides": {"MaxSessions": 20, "UseDNS": "yes", "MaxAuthTries": 6},
        "kernel_modules_waived": ["udf", "sctp", "hfs"],
        "logging_retention": "2year",
    }
    assert first["kernel_modules_waived"] == ["udf", "sctp"]


def test_the_audit_compares_with_the_role_and_not_with_a_waiver() -> None:
    taken = {name for name in arguments() if name.endswith((OVERRIDES, WAIVED))}
    suite = "".join(path.read_text(encoding="utf-8") for path in SUITE.glob("*.py"))
    assert not {name for name in taken if name in suite}
    own = {name: value for path in ROLES.iterdir() for name, value in own_values(path.name).items()}
    assert [name for name in taken if own[name]] == []
    assert "-w /etc/hosts -p wa -k network" in written("audit", "audit.rules.j2")
