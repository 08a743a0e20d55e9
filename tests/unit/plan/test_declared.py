"""What a request declares beyond networks and hosts: tiers, roles, exchanges, classification, VLANs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scripts.planning.report import Report
from scripts.planning.terminal import detail
from stacks.errors import PlanError
from stacks.plan.allocation import allocate
from stacks.plan.dedicated import ProviderSegment, require_buildable
from stacks.plan.grants import Grant
from stacks.plan.landing_zone import plan_landing_zone
from stacks.plan.ledger import Ledger
from stacks.plan.lineage import NodePlan, ancestors
from stacks.plan.model import Plan
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest
from tests.unit.plan.zones import platform, request
from tests.unit.planning.test_plan_verb import printed

DAY = date(2027, 5, 1)
SEGMENTS = [{"name": "in", "zone": "internal"}, {"name": "out", "zone": "external"}]
OWNER = {"role": "owner", "by": "Zhang Min", "date": "2026-11-02"}
SECURITY = {"role": "security", "by": "Zhao Lei", "date": "2026-11-05"}


def tenant(name: str, **fields: Any) -> TenantRequest:  # noqa: ANN401  what a YAML file may hold
    return request(name, segments=SEGMENTS, **fields)


def planned(*tenants: TenantRequest, shared: Platform | None = None, on: date | None = DAY) -> Plan:
    shared = shared or platform()
    return plan_landing_zone(shared, tenants, allocate(shared, tenants, Ledger(), DAY), on)


def with_more(**fields: Any) -> Platform:  # noqa: ANN401  as above
    return Platform.model_validate({**platform().model_dump(mode="json", by_alias=True), **fields})


def exchange(**fields: Any) -> dict[str, Any]:  # noqa: ANN401  as above
    whole = {"name": "news", "from": "in", "to": "out", "data_class": "public", "expiry": "2027-10-31"}
    return {**whole, "approvals": [OWNER, SECURITY], **fields}


def test_a_tenant_knows_everybody_above_it() -> None:
    tiers = [tenant("province"), tenant("city", parent="province"), tenant("county", parent="city")]
    made = planned(*tiers)
    assert [item.lineage for item in made.tenants] == [("province",), ("province", "city"), ()]


def test_parents_in_a_circle_are_refused() -> None:
    circle = {name: tenant(name, parent=above) for name, above in (("a", "b"), ("b", "c"), ("c", "a"))}
    with pytest.raises(PlanError, match="circle: a → b → c → a"):
        ancestors("a", circle)


def test_a_higher_tier_sees_and_changes_nothing() -> None:
    roles = {"manager": ["leads"], "member": ["staff"], "reader": ["desk"], "auditor": ["audit"]}
    made = planned(tenant("city", roles=roles), tenant("county", parent="city", roles={"member": ["unit"]}))
    assert made.tenant("county").grants == (
        Grant("county", "member", "county"),
        Grant("unit", "member", "county"),
        Grant("desk", "reader", "city"),
        Grant("audit", "reader", "city"),
    )
    assert {grant.group: grant.role for grant in made.tenant("city").grants} == {
        "city": "member",
        "leads": "manager",
        "staff": "member",
        "desk": "reader",
        "audit": "reader",
    }


def test_tenants_below_another_stand_in_its_node() -> None:
    tiers = [
        tenant("province", roles={"auditor": ["audit"], "member": ["staff"]}),
        tenant("city", parent="province"),
        tenant("county", parent="city", roles={"reader": ["desk"]}),
    ]
    made = planned(*tiers)
    assert made.platform.nodes == (
        NodePlan("province", "province.below", None, ("city", "county")),
        NodePlan("city", "city.below", "province", ("county",)),
    )
    assert [item.node for item in made.tenants] == ["city.below", None, "province.below"]
    assert made.tenant("province").supervision == (Grant("audit", "reader", "province"),)
    assert made.tenant("county").supervision == (), "nobody is below"


def test_every_named_group_is_the_platforms_and_there_once() -> None:
    shared = with_more(administration={"system": "ops", "security": "sec", "audit": "aud"})
    city, county = tenant("city", roles={"auditor": ["audit"]}), tenant("county", roles={"reader": ["audit"]})
    made = planned(city, county, shared=shared).platform
    assert [group.name for group in made.groups] == ["aud", "audit", "ops", "sec"]
    assert made.roles == ("member", "reader")
    assert planned(tenant("city", roles={"manager": ["leads"]})).platform.roles == ("manager", "member")


def test_an_approved_exchange_may_open() -> None:
    (made,) = planned(tenant("alpha", exchanges=[exchange()])).tenants[0].exchanges
    assert made.refusals == ()
    assert made.approved_by == ("owner: Zhang Min", "security: Zhao Lei")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"approvals": []}, "not approved by: owner, security"),
        ({"approvals": [OWNER]}, "not approved by: security"),
        ({"approvals": [OWNER, {**SECURITY, "by": "Zhang Min"}]}, "approved by one person alone"),
        ({"expiry": "2027-04-30"}, "expired on 2027-04-30"),
        ({"data_class": "internal"}, "internal data, but an end holds public data at most"),
    ],
)
def test_an_exchange_is_refused_with_the_reason(changed: dict[str, Any], reason: str) -> None:
    made = planned(tenant("alpha", exchanges=[exchange(**changed)]))
    assert made.tenants[0].exchanges[0].refusals == (reason,)
    report = Report(made.tenants[0], made.platform, DAY, provisional=False, agreed=(), pending={})
    assert f"✗ news: alpha/in → alpha/out, {changed.get('data_class', 'public')} data: refused" in printed(
        detail(report)
    )


def test_nothing_expires_without_a_day_nor_on_its_last() -> None:
    for on in (None, date(2027, 10, 31)):
        assert planned(tenant("alpha", exchanges=[exchange()]), on=on).tenants[0].exchanges[0].refusals == ()


def test_the_classification_decides_the_placement() -> None:
    secured = {
        "availability_zone": "secured",
        "volume_type": "encrypted",
        "log_level": "full",
        "peers": ["public"],
    }
    made = planned(tenant("alpha"), shared=with_more(classifications={"public": secured}))
    assert made.tenants[0].placement.availability_zone == "secured"
    assert made.tenants[0].placement.volume_type == "encrypted"
    assert made.tenants[0].placement.log_level == "full"
    assert made.tenants[0].placement.peers == ("public",)
    assert planned(tenant("alpha")).tenants[0].placement.availability_zone is None


def test_a_dedicated_segment_lies_on_the_operators_vlan_and_is_not_built_as_another() -> None:
    asked = tenant("alpha", dedicated_network={"segments": ["in"], "reason": "imaging"})
    lines = with_more(dedicated_networks={"physical_network": "vpn", "vlans": {"alpha/in": 2101}})
    made = planned(asked, shared=lines).tenants[0]
    assert made.segment("in").provider == ProviderSegment("vpn", 2101)
    assert made.segment("out").provider is None
    with pytest.raises(PlanError, match="alpha/in asks for a VLAN of its own, and has none"):
        planned(asked)
    with pytest.raises(PlanError, match="this release plans it and cannot build it"):
        require_buildable(made.request)
    require_buildable(tenant("beta"))
