"""Laws of the plan that hold for any requests: sides, rules, routes, hosts."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.bench.crowd import member
from stacks.errors import PlanError
from stacks.plan import flows
from stacks.plan.addressing import automatic_pool
from stacks.plan.allocation import allocate
from stacks.plan.digest import digest
from stacks.plan.flows import DeclaredFlow, Endpoint, absolute
from stacks.plan.landing_zone import plan_landing_zone
from stacks.plan.model import Direction, Plan, Rule, SegmentPlan
from stacks.plan.usage import usage
from stacks.request.fields import Side
from stacks.request.landing_zone import load_platform
from stacks.request.ledger import Ledger
from stacks.request.needs import needs
from stacks.request.tenant import Flow, TenantRequest
from stacks.settings import REPOSITORY
from tests.unit.plan.zones import SIDES, TODAY, plan, platform, request, requests

few = settings(max_examples=40)

Requests = tuple[TenantRequest, ...]


def _segments(made: Plan) -> dict[Endpoint, SegmentPlan]:
    return {Endpoint(tenant.id, item.key): item for tenant in made.tenants for item in tenant.segments}


def _opened(made: Plan) -> dict[Endpoint, set[Rule]]:
    """The rules that exist because of flows."""
    return {
        endpoint: {rule for rule in segment.security_group.rules if rule.reason.startswith("flow ")}
        for endpoint, segment in _segments(made).items()
    }


@few
@given(requests(), st.randoms())
def test_the_same_requests_give_the_same_plan(tenants: Requests, random: Random) -> None:
    shuffled = list(tenants)
    random.shuffle(shuffled)
    assert plan(tuple(shuffled)) == plan(tenants)
    assert digest(plan(tuple(shuffled))) == digest(plan(tenants))


@few
@given(requests())
def test_hosts_stand_in_their_segment_and_nobody_else_gets_their_address(tenants: Requests) -> None:
    for tenant in plan(tenants).tenants:
        for host in tenant.hosts:
            segment = tenant.segment(host.segment)
            first, last = automatic_pool(segment.cidr)
            assert host.address in segment.cidr
            assert host.address not in {segment.cidr[0], segment.gateway, segment.cidr[2], segment.cidr[3]}
            assert not first <= host.address <= segment.cidr.broadcast_address
            assert segment.pool == (first, last)


@few
@given(requests())
def test_no_address_is_planned_twice(tenants: Requests) -> None:
    made = plan(tenants)
    routers = [router for tenant in made.tenants for router in tenant.routers]
    planned = [
        made.platform.management.gateway,
        made.platform.management.bastion,
        *(segment.gateway for segment in _segments(made).values()),
        *(host.address for tenant in made.tenants for host in tenant.hosts),
        *(router.management for router in routers),
        *(router.backbone for router in routers if router.backbone),
    ]
    assert len(set(planned)) == len(planned)


@few
@given(requests())
def test_names_are_unique(tenants: Requests) -> None:
    made = plan(tenants)
    hosts = [host.name for tenant in made.tenants for host in tenant.hosts]
    assert len(set(hosts)) == len(hosts)
    for tenant in made.tenants:
        groups = [*(item.security_group for item in tenant.segments), *tenant.publications]
        assert len({group.name for group in groups}) == len(groups)
        for group in groups:
            assert len({rule.key for rule in group.rules}) == len(group.rules)


@few
@given(requests())
def test_no_rule_opens_one_side_to_the_other(tenants: Requests) -> None:
    made = plan(tenants)
    pools = {side.side: side.pool for side in made.platform.sides}
    for endpoint, opened in _opened(made).items():
        for rule in opened:
            assert rule.remote.subnet_of(pools[_segments(made)[endpoint].side]), (endpoint, rule)


@few
@given(requests())
def test_a_flow_is_open_exactly_when_all_of_its_tenants_declare_it(tenants: Requests) -> None:
    declared = {tenant.id: {absolute(flow, tenant.id) for flow in tenant.flows} for tenant in tenants}
    sides = {Endpoint(t.id, segment.name): SIDES[segment.zone] for t in tenants for segment in t.segments}
    direct = {
        flow
        for own in declared.values()
        for flow in own
        if flow.source in sides and flow.target in sides
        if all(flow in declared[tenant] for tenant in flow.tenants)
    }
    shared, end = platform().shared_services["data"], Endpoint("shared", "data")
    by_platform = {
        DeclaredFlow(wish.source, offer.target, wish.service)
        for consumer in shared.approved
        for wish in declared.get(consumer, ())
        if wish.source.tenant == consumer and wish.target == end and wish.service in shared.services
        for offer in declared.get(shared.provider, ())
        if offer.source == end and offer.target.tenant == shared.provider and offer.service == wish.service
    }
    wanted = {flow for flow in direct | by_platform if sides[flow.source] is sides[flow.target]}
    opened = {rule.reason for rules in _opened(plan(tenants)).values() for rule in rules}
    assert opened == {f"flow {flow}" for flow in wanted}


@few
@given(requests())
def test_every_opening_has_its_other_half(tenants: Requests) -> None:
    made = plan(tenants)
    opened, by_network = _opened(made), {item.cidr: end for end, item in _segments(made).items()}
    turned = {Direction.EGRESS: Direction.INGRESS, Direction.INGRESS: Direction.EGRESS}
    for endpoint, rules in opened.items():
        own = _segments(made)[endpoint].cidr
        for rule in rules:
            half = replace(rule, direction=turned[rule.direction], remote=own)
            assert half in opened[by_network[rule.remote]]


@few
@given(requests())
def test_packets_of_a_flow_find_their_way_both_ways(tenants: Requests) -> None:
    made = plan(tenants)
    for flow in flows.agreed(platform(), tenants):
        for near, far in ((flow.source, flow.target), (flow.target, flow.source)):
            here = made.tenant(near.tenant).router(near.segment)
            there = made.tenant(far.tenant).router(far.segment)
            if here == there:
                continue
            ways = [r.next_hop for r in here.routes if r.destination == _segments(made)[far].cidr]
            assert ways == [there.backbone]


@few
@given(requests())
def test_the_platform_finds_every_segment_behind_its_own_router(tenants: Requests) -> None:
    made = plan(tenants)
    ways = {route.destination: route.next_hop for route in made.platform.tenant_routes}
    behind = {
        tenant.segment(key).cidr: router.management
        for tenant in made.tenants
        for router in tenant.routers
        for key in router.segments
    }
    assert ways == behind


@few
@given(requests())
def test_the_internal_side_has_no_way_out(tenants: Requests) -> None:
    made = plan(tenants)
    default = IPv4Network("0.0.0.0/0")
    for tenant in made.tenants:
        for router in tenant.routers:
            assert not (router.side is Side.INTERNAL and router.external_gateway)
            assert default not in {route.destination for route in router.routes}
            assert {tenant.segment(key).side for key in router.segments} == {router.side}
            assert {bool(tenant.segment(key).provider) for key in router.segments} == {router.dedicated}
        for segment in tenant.segments:
            destinations = {route.destination for route in segment.host_routes}
            assert default not in destinations
            assert (segment.default_route is None) is (segment.side is Side.INTERNAL)
            inhabited = any(host.segment == segment.key for host in tenant.request.hosts)
            assert bool(destinations) is (segment.side is Side.INTERNAL and inhabited)
        for host in tenant.hosts:
            if tenant.segment(host.segment).side is Side.INTERNAL:
                assert not host.published
                assert default not in {rule.remote for rule in host.rules}


@few
@given(requests())
def test_only_the_bastion_administers(tenants: Requests) -> None:
    made = plan(tenants)
    bastion = IPv4Network(made.platform.management.bastion)
    for tenant in made.tenants:
        for host in tenant.hosts:
            ssh = [r for r in host.rules if r.direction is Direction.INGRESS and r.port == 22]
            assert [rule.remote for rule in ssh] == [bastion]


@few
@given(requests())
def test_the_request_and_the_plan_count_alike(tenants: Requests) -> None:
    made = plan(tenants)
    for tenant in made.tenants:
        used = usage(tenant, made.platform)
        for limit, need in needs(platform(), tenant.request).items():
            backbones = sum(router.backbone is not None for router in tenant.routers)
            assert used[limit] - need == (backbones if limit == "ports" else 0)


@few
@given(requests())
def test_pending_flows_name_who_must_still_declare(tenants: Requests) -> None:
    declared = {tenant.id: {absolute(flow, tenant.id) for flow in tenant.flows} for tenant in tenants}
    waiting = flows.waiting(platform(), tenants)
    opened = {str(flow) for flow in flows.agreed(platform(), tenants)}
    assert list(waiting) == sorted(waiting)
    for flow, tenant in waiting.items():
        assert str(flow) not in opened
        if "shared" in flow.tenants:
            assert flow in declared[flow.source.tenant]
            assert tenant in {"platform", platform().shared_services["data"].provider}
        else:
            (other,) = flow.tenants - {tenant}
            assert flow in declared[other]
            assert flow not in declared[tenant]


def test_the_word_of_a_stranger_counts_for_nothing() -> None:
    flow = {"from": "alpha/s", "to": "beta/s", "service": "https"}
    segments = [{"name": "s", "zone": "external"}]
    tenants = (
        request("alpha", segments=segments, flows=[flow]),
        request("beta", segments=segments),
        request("gamma", segments=segments, flows=[flow]),
    )
    assert flows.agreed(platform(), tenants) == ()
    assert not any(_opened(plan(tenants)).values())
    wanted = DeclaredFlow(Endpoint("alpha", "s"), Endpoint("beta", "s"), "https")
    assert flows.waiting(platform(), tenants) == {wanted: "beta"}


def test_a_plan_without_recorded_addresses_is_refused() -> None:
    tenant = request("alpha", segments=[{"name": "s", "zone": "external"}])
    with pytest.raises(PlanError, match="no addresses are recorded yet for: alpha"):
        plan_landing_zone(platform(), (tenant,), Ledger())


def test_a_plan_over_its_quota_is_refused() -> None:
    tenant = request(
        "alpha",
        segments=[{"name": "s", "zone": "external"}],
        quota={"class": "any", "overrides": {"security_group_rules": 11}, "justification": "thrift"},
    )
    ledger = allocate(platform(), [tenant], Ledger(), TODAY)
    with pytest.raises(
        PlanError, match=r"alpha needs more than its quota: 12 security group rules \(allowed 11\)"
    ):
        plan_landing_zone(platform(), (tenant,), ledger)


def _sharing(*, offered: bool, approved: bool, zone: str = "external") -> Requests:
    """alpha provides `shared/data` from an external segment; a consumer asks for it."""
    offer = [{"from": "shared/data", "to": "s", "service": "voice"}] if offered else []
    wish = [{"from": "s", "to": "shared/data", "service": "voice"}]
    segments = [{"name": "s", "zone": "external"}]
    return (
        request("alpha", segments=segments, flows=offer),
        request("beta" if approved else "gamma", segments=[{"name": "s", "zone": zone}], flows=wish),
    )


def test_a_shared_service_opens_all_its_ports_to_the_approved_consumer_alone() -> None:
    tenants = _sharing(offered=True, approved=True)
    assert flows.waiting(platform(), tenants) == {}
    opened = {
        end: {(r.direction, r.protocol, r.ports_text) for r in rules}
        for end, rules in _opened(plan(tenants)).items()
    }
    assert opened == {
        Endpoint("alpha", "s"): {
            (Direction.INGRESS, "udp", "5060"),
            (Direction.INGRESS, "udp", "10000-10199"),
        },
        Endpoint("beta", "s"): {(Direction.EGRESS, "udp", "5060"), (Direction.EGRESS, "udp", "10000-10199")},
    }


@pytest.mark.parametrize(
    ("tenants", "waits_for"),
    [
        (_sharing(offered=False, approved=True), "alpha"),
        (_sharing(offered=True, approved=False), "platform"),
        (_sharing(offered=True, approved=True, zone="internal"), "alpha"),
    ],
    ids=["not offered", "not approved", "other side"],
)
def test_a_shared_service_needs_every_word(tenants: Requests, waits_for: str) -> None:
    assert flows.agreed(platform(), tenants) == ()
    assert list(flows.waiting(platform(), tenants).values()) == [waits_for]
    assert not any(_opened(plan(tenants)).values())


def test_one_more_tenant_changes_its_own_plan_and_that_of_its_peers_alone() -> None:
    platform = load_platform(REPOSITORY / "tenants")
    crowd = [TenantRequest.model_validate(member(number, 40, 3)) for number in range(40)]
    peer = crowd[7]
    segments = [{"name": "office", "zone": "internal"}]
    there = {"from": "late/office", "to": f"{peer.id}/office", "service": "https"}
    late = request("late", segments=segments, flows=[there], quota={"class": "large"})
    answer = Flow.model_validate({**there, "to": "office"})
    crowd_after = [*crowd, late]
    crowd_after[7] = peer.model_copy(update={"flows": (*peer.flows, answer)})
    ledger = allocate(platform, crowd, Ledger(), TODAY)
    before = plan_landing_zone(platform, tuple(crowd), ledger, TODAY)
    grown = allocate(platform, crowd_after, ledger, TODAY)
    after = plan_landing_zone(platform, tuple(crowd_after), grown, TODAY)
    changed = {
        tenant.id
        for tenant in after.tenants
        if tenant.id == "late" or digest(tenant) != digest(before.tenant(tenant.id))
    }
    assert changed == {"late", peer.id}
    assert {name for name, given in grown.tenants.items() if given != ledger.tenants.get(name)} == {"late"}
