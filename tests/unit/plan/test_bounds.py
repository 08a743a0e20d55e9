"""What no agreement opens: whatever requests say, flows stay on one side and between peers."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stacks.plan import flows
from stacks.plan.flows import DeclaredFlow, Endpoint
from stacks.plan.landing_zone import plan_landing_zone
from stacks.plan.matrix import matrix
from stacks.plan.model import Plan
from stacks.plan.reachability import expected
from stacks.request.fields import Classification
from stacks.request.model.handling import HELD
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest
from tests.unit.plan.zones import SIDES, TENANTS, allocated, platform, requests

few = settings(max_examples=60)

Peers = dict[Classification, tuple[Classification, ...]]

peers = st.dictionaries(st.sampled_from(HELD), st.lists(st.sampled_from(HELD), unique=True).map(tuple))
"""Who may be a peer; a class that is not named keeps all."""


def apart(peers: Peers) -> Platform:
    """A platform that keeps classifications apart."""
    named = {str(name): {"peers": [str(item) for item in others]} for name, others in peers.items()}
    whole = platform().model_dump(mode="json", by_alias=True)
    return Platform.model_validate({**whole, "classifications": named})


@st.composite
def classified(draw: st.DrawFn) -> tuple[TenantRequest, ...]:
    """Requests as in `requests`, of any classification, with exchanges between any two segments."""
    drawn = draw(requests())
    ends = [f"{item.id}/{segment.name}" for item in drawn for segment in item.segments]
    return tuple(_with_more(draw, item, ends) for item in drawn)


def _with_more(draw: st.DrawFn, item: TenantRequest, ends: list[str]) -> TenantRequest:
    names = draw(st.lists(st.sampled_from(["news", "maps"]), unique=True))
    exchanges = [{"name": name, **_exchange(draw, ends)} for name in names]
    fields = item.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return TenantRequest.model_validate(
        {**fields, "classification": draw(st.sampled_from(Classification)), "exchanges": exchanges}
    )


def _exchange(draw: st.DrawFn, ends: list[str]) -> dict[str, Any]:
    approvals = [
        {"role": role, "by": draw(st.sampled_from(["Zhang Min", "Zhao Lei"])), "date": "2026-11-02"}
        for role in ("owner", "security")
        if draw(st.integers(0, 3))
    ]
    return {
        "from": draw(st.sampled_from(ends)),
        "to": draw(st.sampled_from(ends)),
        "data_class": str(draw(st.sampled_from(HELD))),
        "expiry": "2027-10-31",
        "approvals": approvals,
    }


def planned(shared: Platform, tenants: tuple[TenantRequest, ...]) -> Plan:
    return plan_landing_zone(shared, tenants, allocated(shared, tenants))


def lawful(flow: DeclaredFlow, tenants: tuple[TenantRequest, ...], peers: Peers) -> bool:
    """Whether a flow stays on its side and between peers, said a second time and in other words."""
    by_id = {item.id: item for item in tenants}
    one, other = by_id[flow.source.tenant], by_id[flow.target.tenant]
    sides = {
        SIDES[segment.zone]
        for end in (flow.source, flow.target)
        for segment in by_id[end.tenant].segments
        if segment.name == end.segment
    }
    mutual = all(
        seen in peers.get(own, HELD)
        for own, seen in (
            (one.classification, other.classification),
            (other.classification, one.classification),
        )
    )
    return len(sides) == 1 and (one is other or mutual)


@few
@given(classified(), peers)
def test_no_agreed_flow_joins_others_than_peers_or_crosses_the_wall(
    tenants: tuple[TenantRequest, ...], peers: Peers
) -> None:
    for flow in flows.agreed(apart(peers), tenants):
        assert lawful(flow, tenants, peers), flow


@few
@given(classified(), peers)
def test_no_rule_joins_others_than_peers_or_crosses_the_wall(
    tenants: tuple[TenantRequest, ...], peers: Peers
) -> None:
    everyone = matrix(planned(apart(peers), tenants))
    for reach in everyone.reaches:
        if reach.source.partition("/")[0] in TENANTS and reach.target.partition("/")[0] in TENANTS:
            source, target = (Endpoint.parse(end, "") for end in (reach.source, reach.target))
            assert lawful(DeclaredFlow(source, target, reach.service), tenants, peers), reach


@few
@given(classified(), peers)
def test_an_exchange_opens_nothing_yet(tenants: tuple[TenantRequest, ...], peers: Peers) -> None:
    without = tuple(item.model_copy(update={"exchanges": ()}) for item in tenants)
    shared = apart(peers)
    made, bare = planned(shared, tenants), planned(shared, without)
    assert matrix(made) == matrix(bare)
    assert expected(made) == expected(bare)
    assert [tenant.routers for tenant in made.tenants] == [tenant.routers for tenant in bare.tenants]
