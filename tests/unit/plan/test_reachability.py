"""The matrix is proved against the requests themselves, not against the rules that it was computed from."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stacks.plan.allocation import allocate
from stacks.plan.flows import Endpoint, absolute
from stacks.plan.landing_zone import plan_landing_zone
from stacks.plan.model import Plan
from stacks.plan.reachability import CANARY_PORT, OUTSIDE, Cell, TargetKind, expected, unprobed
from stacks.request.fields import Side
from stacks.request.landing_zone import PLATFORM_FILE
from stacks.request.ledger import Ledger
from stacks.request.loader import parse, read_document
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest
from stacks.settings import REPOSITORY
from tests.unit.plan.zones import TODAY

ZONES = {"portal": Side.EXTERNAL, "external": Side.EXTERNAL, "internal": Side.INTERNAL}
SERVICES = {"http": 80, "https": 443, "postgresql": 5432, "ssh": 22}
TENANTS = ("alpha", "beta", "gamma")

few = settings(max_examples=40, deadline=None)


def _platform() -> Platform:
    document, _ = read_document(REPOSITORY / "tenants" / PLATFORM_FILE)
    platform, errors = parse(document, Platform)
    assert platform is not None, errors
    return platform


PLATFORM = _platform()


@st.composite
def requests(draw: st.DrawFn) -> tuple[TenantRequest, ...]:
    """Up to three tenants with segments, hosts, publications, and flows that one or both ends declare."""
    count = draw(st.integers(1, len(TENANTS)))
    zones = {name: draw(st.lists(st.sampled_from(sorted(ZONES)), min_size=1, max_size=3)) for name in TENANTS}
    ends = [(name, f"s{number}") for name in TENANTS[:count] for number in range(len(zones[name]))]
    flow = st.tuples(st.sampled_from(ends), st.sampled_from(ends), st.sampled_from(sorted(SERVICES)))
    pool = draw(st.lists(flow, max_size=4, unique=True))
    return tuple(draw(_tenant(name, zones[name], pool)) for name in TENANTS[:count])


@st.composite
def _tenant(draw: st.DrawFn, name: str, zones: list[str], pool: list[Any]) -> TenantRequest:
    hosts = [
        {"name": f"h{number}", "segment": f"s{number}", "flavor": "small", "count": draw(st.integers(1, 2))}
        for number in range(len(zones))
        if draw(st.integers(0, 3))
    ]
    publish = [
        {"hostname": f"{host['name']}.{name}.example", "host": host["name"], "port": 443}
        for host in hosts
        if zones[int(str(host["name"])[1:])] == "portal" and draw(st.booleans())
    ]
    flows = [
        {"from": "/".join(source), "to": "/".join(target), "service": service}
        for source, target, service in pool
        if name in (source[0], target[0]) and draw(st.integers(0, 3))
    ]
    return TenantRequest.model_validate(
        {
            "id": name,
            "name": {"en": name, "zh": name},
            "tier": "city",
            "owner": {"department": name, "contact": name, "email": "a@b.example"},
            "classification": "public",
            "quota": {"class": "large"},
            "segments": [{"name": f"s{n}", "zone": zone, "size": 8} for n, zone in enumerate(zones)],
            "hosts": hosts,
            "publish": publish,
            "flows": flows,
        }
    )


def _plan(tenants: tuple[TenantRequest, ...]) -> Plan:
    return plan_landing_zone(PLATFORM, tenants, allocate(PLATFORM, tenants, Ledger(), TODAY))


def _endpoint(name: str) -> tuple[str, str]:
    tenant, segment = name.split("/")[:2]
    return tenant, segment


def _sides(tenants: tuple[TenantRequest, ...]) -> dict[tuple[str, str], Side]:
    return {(t.id, segment.name): ZONES[segment.zone] for t in tenants for segment in t.segments}


def _between_tenants(cells: tuple[Cell, ...]) -> list[Cell]:
    return [
        cell
        for cell in cells
        if cell.allowed and cell.target.kind is TargetKind.HOST and cell.source not in ("platform/bastion",)
    ]


@few
@given(requests())
def test_no_cell_is_allowed_across_the_sides(tenants: tuple[TenantRequest, ...]) -> None:
    sides = _sides(tenants)
    for cell in _between_tenants(expected(_plan(tenants))):
        assert sides[_endpoint(cell.source)] is sides[_endpoint(cell.target.name)], cell


@few
@given(requests())
def test_a_flow_is_open_exactly_when_every_end_declares_it(tenants: tuple[TenantRequest, ...]) -> None:
    sides = _sides(tenants)
    declared = {t.id: {absolute(flow, t.id) for flow in t.flows} for t in tenants}
    cells = [c for c in expected(_plan(tenants)) if c.prober and c.target.kind is TargetKind.HOST]
    for cell in cells:
        if cell.source == "platform/bastion" or cell.target.name == "platform/bastion":
            assert cell.allowed is (cell.source == "platform/bastion" and cell.port == 22), cell
            continue
        ends = Endpoint(*_endpoint(cell.source)), Endpoint(*_endpoint(cell.target.name))
        agreed = any(
            (flow.source, flow.target, SERVICES[flow.service]) == (*ends, cell.port)
            and all(flow in declared[tenant] for tenant in flow.tenants)
            and sides[_endpoint(cell.source)] is sides[_endpoint(cell.target.name)]
            for flows in declared.values()
            for flow in flows
        )
        assert cell.allowed is agreed, cell


@few
@given(requests())
def test_outside_reaches_exactly_what_is_published_and_the_bastion(
    tenants: tuple[TenantRequest, ...],
) -> None:
    open_cells = {
        (c.target.name, c.port) for c in expected(_plan(tenants)) if c.source == OUTSIDE and c.allowed
    }
    published = {
        (f"{t.id}/{host.segment}/{host.name}-{number}#public", item.port)
        for t in tenants
        for item in t.publish
        for host in t.hosts
        if host.name == item.host
        for number in range(1, host.count + 1)
    }
    assert open_cells == published | {("platform/bastion#public", 22)}


@few
@given(requests())
def test_infrastructure_and_canary_are_never_allowed(tenants: tuple[TenantRequest, ...]) -> None:
    for cell in expected(_plan(tenants)):
        if cell.allowed:
            assert cell.target.kind not in (TargetKind.ROUTER, TargetKind.METADATA), cell
            assert cell.port != CANARY_PORT, cell
            assert not (cell.prober and cell.target.kind is TargetKind.PUBLIC), cell


@few
@given(requests())
def test_a_tenant_without_flows_changes_nothing_between_the_others(
    tenants: tuple[TenantRequest, ...],
) -> None:
    quiet = tenants[0].model_copy(update={"id": "zeta", "flows": (), "publish": ()})
    before, after = _plan(tenants), _plan((*tenants, quiet))

    def others(plan: Plan) -> set[Cell]:
        return {c for c in expected(plan) if "zeta" not in c.source + c.target.name}

    assert others(before) == others(after)
    added = {c for c in expected(after) if c.allowed} - {c for c in expected(before) if c.allowed}
    assert {c.target.name for c in added if c.source.startswith("zeta/")} <= {"platform/packages"}
    assert {(c.source, c.port) for c in added if c.target.name.startswith("zeta/")} <= {
        ("platform/bastion", 22)
    }


@few
@given(requests())
def test_every_segment_probes_or_is_named_as_not_probed(tenants: tuple[TenantRequest, ...]) -> None:
    plan = _plan(tenants)
    sources = {cell.source for cell in expected(plan)} - {OUTSIDE, "platform/bastion"}
    everything = {f"{t.id}/{segment.name}" for t in tenants for segment in t.segments}
    assert sources | set(unprobed(plan)) == everything
    assert not sources & set(unprobed(plan))


@few
@given(requests(), st.randoms())
def test_the_order_of_requests_does_not_matter(tenants: tuple[TenantRequest, ...], random: Random) -> None:
    shuffled = list(tenants)
    random.shuffle(shuffled)
    ledger = allocate(PLATFORM, tenants, Ledger(), TODAY)
    assert expected(plan_landing_zone(PLATFORM, tenants, ledger)) == expected(
        plan_landing_zone(PLATFORM, tuple(shuffled), ledger)
    )
