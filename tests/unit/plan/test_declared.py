"""What a request declares beyond networks and hosts: tiers, roles, exchanges, classification, VLANs."""

from __future__ import annotations

from datetime import date
from ipaddress import IPv4Network
from typing import Any

import pytest

from scripts.planning.report import Report
from scripts.planning.terminal import detail, summary
from stacks.errors import PlanError
from stacks.language import say
from stacks.plan.allocation import allocate
from stacks.plan.dedicated import ProviderSegment
from stacks.plan.exchange import Refusal
from stacks.plan.grants import Grant
from stacks.plan.landing_zone import plan_landing_zone
from stacks.plan.ledger_change import compare
from stacks.plan.lineage import NodePlan, ancestors
from stacks.plan.model import Direction, Plan, Route, Rule
from stacks.request.ledger import Ledger
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
        ({"approvals": []}, Refusal("unapproved", "owner, security")),
        ({"approvals": [OWNER]}, Refusal("unapproved", "security")),
        ({"approvals": [OWNER, {**SECURITY, "by": "Zhang Min"}]}, Refusal("alone")),
        ({"approvals": [OWNER, {**SECURITY, "date": "2027-05-02"}]}, Refusal("early", "2027-05-02")),
        ({"expiry": "2027-04-30"}, Refusal("expired", "2027-04-30")),
        ({"to": "in"}, Refusal("same-side", "internal")),
        ({"to": "strangers/out"}, Refusal("unknown", "strangers/out")),
        ({"inspection": ["format"]}, Refusal("uninspected", "malware")),
        ({"data_class": "internal"}, Refusal("class", "public")),
    ],
)
def test_an_exchange_is_refused_with_the_reason(changed: dict[str, Any], reason: Refusal) -> None:
    made = planned(tenant("alpha", exchanges=[exchange(**changed)]))
    assert made.tenants[0].exchanges[0].refusals == (reason,)
    report = Report(made.tenants[0], made.platform, DAY, provisional=False, agreed=(), pending={})
    ends = f"alpha/in → {'' if '/' in changed.get('to', '') else 'alpha/'}{changed.get('to', 'out')}"
    why = say(f"plan.refused-{reason.why}", value=reason.value)
    words = f"news: {ends}, {changed.get('data_class', 'public')} data: refused, {why}"
    for shown in (detail(report), summary([report])):
        assert words in " ".join(printed(shown).split())


def test_an_exchange_is_no_way_around_the_peers() -> None:
    others = tenant("beta")
    sensitive = tenant("alpha", classification="sensitive", exchanges=[exchange(to="beta/out")])
    apart = with_more(classifications={"sensitive": {"peers": ["internal", "sensitive"]}})
    (refused,) = planned(sensitive, others, shared=apart).tenant("alpha").exchanges
    assert refused.refusals == (Refusal("no-peers", "sensitive, public"),)
    assert planned(sensitive, others).tenant("alpha").exchanges[0].refusals == ()


def test_the_plan_says_until_when_an_exchange_is_approved() -> None:
    made = planned(tenant("alpha", exchanges=[exchange()]))
    report = Report(made.tenants[0], made.platform, DAY, provisional=False, agreed=(), pending={})
    words = " ".join(printed(detail(report)).split())
    assert "approved (owner: Zhang Min, security: Zhao Lei) until 2027-10-31" in words
    assert "checked, opened by a later release" in words


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


def test_the_volume_types_of_other_classes_are_closed() -> None:
    classes = {"public": {"volume_type": "plain"}, "sensitive": {"volume_type": "encrypted"}, "internal": {}}
    shared = with_more(classifications=classes)
    shut = {
        "public": {"encrypted", "scratch"},
        "sensitive": {"plain", "scratch"},
        "internal": {"encrypted", "plain"},
    }
    for data, closed in shut.items():
        placement = planned(tenant("alpha", classification=data), shared=shared).tenants[0].placement
        limits = placement.volume_type_limits(["encrypted", "plain", "scratch"])
        assert len(limits) == 9
        found = {name for name, count in limits.items() if count == 0}
        assert found == {f"{kind}_{name}" for kind in ("volumes", "gigabytes") for name in closed}


LINES = {"physical_network": "vpn", "vlans": {"alpha/in": 2101}}
DEDICATED = {"segments": ["in"], "reason": "imaging"}


def test_a_dedicated_segment_lies_on_the_operators_vlan() -> None:
    asked = tenant("alpha", dedicated_network=DEDICATED)
    made = planned(asked, shared=with_more(dedicated_networks=LINES)).tenants[0]
    assert made.segment("in").provider == ProviderSegment("vpn", 2101)
    assert made.segment("out").provider is None
    with pytest.raises(PlanError, match="alpha/in asks for a VLAN of its own, and has none"):
        planned(asked)


def test_a_dedicated_segment_has_a_router_of_its_own_and_flows_find_it() -> None:
    beside = {"name": "office", "zone": "internal"}
    flow = {"from": "office", "to": "in", "service": "https"}
    asked = request("alpha", segments=[*SEGMENTS, beside], dedicated_network=DEDICATED, flows=[flow])
    whole = planned(asked, shared=with_more(dedicated_networks=LINES))
    made = whole.tenants[0]
    ordinary, own = made.router("office"), made.router("in")
    assert (own.name, own.key, own.segments) == ("alpha-dedicated-internal", "dedicated-internal", ("in",))
    assert (ordinary.name, ordinary.segments) == ("alpha-internal", ("office",))
    assert made.router("out").name == "alpha-external"
    for here, there, far in ((ordinary, own, "in"), (own, ordinary, "office")):
        assert there.backbone is not None
        assert Route(made.segment(far).cidr, there.backbone) in here.routes
    report = Report(made, whole.platform, DAY, provisional=False, agreed=(), pending={})
    assert "VLAN 2101 of vpn" in printed(detail(report))


def test_a_dedicated_network_takes_a_second_number_and_gives_it_back() -> None:
    shared = with_more(dedicated_networks=LINES)
    asked, without = tenant("alpha", dedicated_network=DEDICATED), tenant("beta")
    first = allocate(shared, [asked, without], Ledger(), DAY)
    given = first.tenants["alpha"]
    assert (given.number, given.dedicated, first.tenants["beta"].number) == (0, 1, 2)
    assert given.vlans == {"in": 2101}
    gone = allocate(shared, [without], first, DAY)
    assert {item.holder for item in gone.cooling if item.number is not None} == {"alpha", "alpha/dedicated"}
    released = map(str, compare(first, gone).released)
    assert any(line.startswith("alpha/dedicated tenant number 1, cools down until") for line in released)
    assert allocate(shared, [asked, without], gone, DAY) == first
    with pytest.raises(PlanError, match="no addresses are recorded yet for: alpha"):
        plan_landing_zone(shared, (asked,), allocate(shared, [tenant("alpha")], Ledger(), DAY))


def test_a_segment_never_moves_to_another_wire() -> None:
    shared = with_more(dedicated_networks=LINES)
    plain, wired = tenant("alpha"), tenant("alpha", dedicated_network=DEDICATED)
    on_none, on_one = (allocate(shared, [item], Ledger(), DAY) for item in (plain, wired))
    moved = with_more(dedicated_networks={**LINES, "vlans": {"alpha/in": 2102}})
    for offer, asked, ledger, words in (
        (shared, wired, on_none, "on no VLAN and cannot move to VLAN 2101"),
        (shared, plain, on_one, "on VLAN 2101 and cannot move to no VLAN"),
        (moved, wired, on_one, "on VLAN 2101 and cannot move to VLAN 2102"),
    ):
        with pytest.raises(PlanError, match=f"alpha/in is recorded {words}"):
            allocate(offer, [asked], ledger, DAY)
    with pytest.raises(PlanError, match="on VLAN 2101 and cannot move to VLAN 2102"):
        plan_landing_zone(moved, (wired,), on_one)


def test_only_a_declared_log_collector_is_reached_and_by_every_host() -> None:
    core = platform().model_dump(mode="json", by_alias=True)["core_services"]
    log = {"address": "198.18.0.7", "port": 6515, "name": "log.county.example"}
    plain = planned(tenant("city"))
    logged = planned(tenant("city"), shared=with_more(core_services={**core, "log": log}))

    def rules(of: Plan) -> dict[str, set[Rule]]:
        segments = [segment.security_group for item in of.tenants for segment in item.segments]
        groups = (*segments, of.platform.management.bastion_security_group)
        return {group.name: set(group.rules) for group in groups}

    opened = Rule(Direction.EGRESS, "tcp", 6515, IPv4Network("198.18.0.7/32"), "log collector")
    before = rules(plain)
    assert {name: more - before[name] for name, more in rules(logged).items()} == {
        name: {opened} for name in before
    }
    assert {*logged.platform.services} - {*plain.platform.services} == {opened.remote}
