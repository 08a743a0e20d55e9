"""Promised, used and free add up; what lies below rolls up."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from typer.testing import CliRunner

from scripts.main import build_app
from stacks.plan.quota import shares, tree
from stacks.plan.usage import usage
from stacks.request.tenant import TenantRequest
from tests.unit.plan.test_declared import planned, tenant, with_more
from tests.unit.plan.zones import plan, requests

few = settings(max_examples=30, deadline=None)


@few
@given(requests())
def test_shares_are_the_sum_of_all_tenants(tenants: tuple[TenantRequest, ...]) -> None:
    made = plan(tenants)
    for share in shares(made):
        assert share.promised == sum(getattr(item.quotas, share.limit) for item in made.tenants)
        assert share.used == sum(usage(item, made.platform)[share.limit] for item in made.tenants)
        assert share.used <= share.promised
        assert share.free is None


def test_free_is_what_the_capacity_leaves_and_may_be_negative() -> None:
    made = planned(
        tenant("alpha"), tenant("beta"), shared=with_more(capacity={"cores": 2_000_001, "routers": 1})
    )
    free = {share.limit: share.free for share in shares(made)}
    assert (free["cores"], free["routers"], free["ports"]) == (1, 1 - 2_000_000, None)


def test_the_tree_stands_below_its_roots_and_rolls_up() -> None:
    host = {"name": "h", "segment": "in", "flavor": "small"}
    tiers = [
        tenant("city", hosts=[{**host, "count": 2}]),
        tenant("a-town", parent="county", hosts=[host]),
        tenant("county", parent="city", hosts=[{**host, "count": 4}]),
        tenant("other"),
    ]
    nodes = tree(planned(*tiers))
    assert [(node.tenant, node.depth) for node in nodes] == [
        ("city", 0),
        ("county", 1),
        ("a-town", 2),
        ("other", 0),
    ]
    assert [node.rolled_up["instances"] for node in nodes] == [7, 5, 1, 0]
    assert [node.below["instances"] for node in nodes] == [10**6, 10**6, 0, 0]


def test_the_verb_shows_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVCLOUD_DATE", "2027-01-15")
    runner, app = CliRunner(), build_app()
    said = runner.invoke(app, ["plan", "--quota"])
    assert said.exit_code == 0
    assert "promised" in said.stdout
    winter = json.loads(runner.invoke(app, ["plan", "--quota", "--json"]).stdout)
    summer = json.loads(runner.invoke(app, ["plan", "--quota", "--json", "--on", "2027-05-01"]).stdout)
    promised = [{row["limit"]: row["promised"] for row in data["platform"]} for data in (winter, summer)]
    assert promised[1]["instances"] - promised[0]["instances"] == 20
    assert promised[1]["networks"] == promised[0]["networks"]
    assert winter["on"] == date(2027, 1, 15).isoformat()
    county = next(node for node in winter["tenants"] if node["tenant"] == "taihe-office")
    assert county["depth"] == 1
