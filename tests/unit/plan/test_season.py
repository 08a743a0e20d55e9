"""Seasons: counts follow the calendar, hosts keep their numbers and addresses, quotas leave last."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from scripts.main import build_app
from scripts.planning.report import as_json, reports
from scripts.planning.terminal import detail
from stacks.errors import MachineError
from stacks.plan.allocation import allocate
from stacks.plan.landing_zone import plan_landing_zone
from stacks.plan.model import TenantPlan
from stacks.plan.season import GRACE, host_count, next_change
from stacks.plan.usage import usage
from stacks.request.ledger import Ledger
from stacks.request.model.season import Season
from stacks.request.tenant import TenantRequest
from stacks.settings import REPOSITORY, Settings
from tests.unit.plan.zones import platform, request

few = settings(max_examples=40, deadline=None)
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
SUMMER = {"from": "04-01", "to": "10-31", "factor": 3}


def _month_day(day: date) -> str:
    return f"{day:%m-%d}"


SEASONS = st.lists(
    st.fixed_dictionaries(
        {
            "from": DAYS.map(_month_day),
            "to": DAYS.map(_month_day),
            "factor": st.integers(2, 5),
            "hosts": st.sampled_from([[], ["web"], ["db"], ["web", "db"]]),
        }
    ),
    min_size=1,
    max_size=3,
)


def tourism(*seasons: object) -> TenantRequest:
    return request(
        "tourism",
        segments=[{"name": "portal", "zone": "portal", "size": 60}],
        hosts=[
            {"name": "web", "segment": "portal", "flavor": "small", "count": 2},
            {"name": "db", "segment": "portal", "flavor": "small"},
        ],
        publish=[{"hostname": "www.tourism.example", "host": "web"}],
        seasons=seasons,
    )


def planned(asked: TenantRequest, on: date | None) -> TenantPlan:
    roomy = platform()
    ledger = allocate(roomy, [asked], Ledger(), date(2026, 1, 1))
    return plan_landing_zone(roomy, (asked,), ledger, on).tenant(asked.id)


@pytest.mark.parametrize(
    ("first", "last", "inside", "outside"),
    [
        ("04-01", "10-31", ["04-01", "07-15", "10-31"], ["03-31", "11-01", "01-01"]),
        ("11-15", "03-15", ["11-15", "12-31", "01-01", "03-15"], ["11-14", "03-16", "07-01"]),
        ("05-01", "05-01", ["05-01"], ["04-30", "05-02"]),
    ],
)
def test_a_season_holds_from_its_first_to_its_last_day(
    first: str, last: str, inside: list[str], outside: list[str]
) -> None:
    season = Season.model_validate({"from": first, "to": last, "factor": 2})
    assert all(season.holds(date.fromisoformat(f"2027-{day}")) for day in inside)
    assert not any(season.holds(date.fromisoformat(f"2027-{day}")) for day in outside)


@few
@given(SEASONS, DAYS, DAYS)
def test_hosts_keep_number_and_address_the_year_round(seasons: list[object], one: date, other: date) -> None:
    asked = tourism(*seasons)
    hosts = [{host.key: host.address for host in planned(asked, day).hosts} for day in (one, other)]
    for key in hosts[0].keys() & hosts[1].keys():
        assert hosts[0][key] == hosts[1][key]
    for group in asked.hosts:
        for day, found in zip((one, other), hosts, strict=True):
            keys = [key for key in found if key.startswith(f"{group.name}-")]
            count = host_count(asked, group, day)
            assert keys == [f"{group.name}-{number}" for number in range(1, count + 1)]
            assert group.count <= count <= asked.peak(group)


@few
@given(SEASONS, DAYS)
def test_the_next_change_is_the_first_day_that_differs(seasons: list[object], on: date) -> None:
    asked = tourism(*seasons)
    change = next_change(asked, on)
    today = {host.key for host in planned(asked, on).hosts}
    if change is None:
        return
    assert {host.key for host in planned(asked, change.day - timedelta(days=1)).hosts} == today
    then = {host.key for host in planned(asked, change.day).hosts}
    assert then == (today - set(change.leaving)) | set(change.arriving)
    assert then != today


@few
@given(SEASONS, DAYS)
def test_the_quota_holds_the_hosts_of_the_day_and_of_the_week_before(seasons: list[object], on: date) -> None:
    asked, shared = tourism(*seasons), platform()
    tight = {"instances": 3, "cores": 3, "memory": 1536, "floating_ips": 2, "ports": 6}
    asked = asked.model_copy(update={"quota": asked.quota.model_copy(update={"overrides": tight})})
    today = planned(asked, on)
    ledger = allocate(shared, [asked], Ledger(), on)
    for back in (0, GRACE.days):
        before = plan_landing_zone(shared, (asked,), ledger, on - timedelta(days=back))
        used = usage(before.tenant("tourism"), before.platform)
        assert all(getattr(today.quotas, name) >= used[name] for name in tight)


def test_without_a_day_no_season_holds() -> None:
    assert [host.key for host in planned(tourism(SUMMER), None).hosts] == ["web-1", "web-2", "db-1"]
    assert next_change(tourism(), date(2027, 1, 1)) is None


def test_who_leaves_is_out_of_service_before_anything_is_removed() -> None:
    change = next_change(tourism(SUMMER), date(2027, 10, 31))
    assert change is not None
    assert change.day == date(2027, 11, 1)
    assert change.leaving == ("web-6", "web-5", "web-4", "web-3")
    words = [step.do for step in change.steps]
    assert words == ["withdraw"] * 4 + ["remove"] * 4


def test_the_example_triples_its_portal_and_says_when() -> None:
    (summer,) = reports(REPOSITORY / "tenants", ["luoyang-tourism"], date(2027, 5, 1))
    assert [host.key for host in summer.tenant.hosts] == ["web-1", "web-2", "web-3", "db-1"]
    assert summer.tenant.quotas.instances == 30
    assert not summer.provisional
    season = as_json(summer)["season"]
    assert season["hosts"] == {"web": 3, "db": 1}
    assert season["next"]["on"] == "2027-11-01"
    (winter,) = reports(REPOSITORY / "tenants", ["luoyang-tourism"], date(2027, 1, 15))
    assert [host.key for host in winter.tenant.hosts] == ["web-1", "db-1"]
    console = Console(width=200, color_system=None)
    with console.capture() as said:
        console.print(detail(winter))
    assert "on 2027-01-15: 1 web, 1 db; on 2027-04-01:" in said.get()


def test_the_day_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVCLOUD_DATE", "2027-05-01")
    assert Settings.from_environment().today == date(2027, 5, 1)
    monkeypatch.setenv("GOVCLOUD_DATE", "May")
    with pytest.raises(MachineError, match="GOVCLOUD_DATE is 'May'"):
        Settings.from_environment()


def test_the_timers_service_runs_verbs_that_exist() -> None:
    unit = (REPOSITORY / "docs/systemd/govcloud-season.service").read_text(encoding="utf-8")
    verbs = re.findall(r"^ExecStart=/\S+/govcloud (\S+)", unit, re.MULTILINE)
    known = getattr(typer.main.get_command(build_app()), "commands", {})
    assert verbs == ["check", "up", "deploy", "prove"]
    assert set(verbs) <= set(known)
