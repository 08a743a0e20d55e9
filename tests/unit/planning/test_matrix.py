"""The matrix is proved against the requests, and every way to show it says the same."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from ipaddress import IPv4Network
from xml.etree import ElementTree

from hypothesis import given, settings
from rich.console import Console

from scripts.planning.matrix_picture import svg
from scripts.planning.matrix_text import as_csv, as_json, table
from stacks.plan import flows
from stacks.plan.matrix import BASTION, SERVICES, Reach, matrix
from stacks.plan.model import Direction, Plan, Rule
from stacks.plan.reachability import OUTSIDE, TargetKind, expected
from stacks.request.tenant import TenantRequest
from tests.unit.plan.zones import SIDES, plan, platform, request, requests

few = settings(max_examples=20)

Requests = tuple[TenantRequest, ...]


@few
@given(requests())
def test_between_segments_exactly_the_agreed_flows_are_open(tenants: Requests) -> None:
    services = platform().services
    wanted = {
        (str(flow.source), str(flow.target), flow.service, services[flow.service].protocol)
        for flow in flows.agreed(platform(), tenants)
    }
    others = {OUTSIDE, BASTION, SERVICES}
    between = [r for r in matrix(plan(tenants)).reaches if not {r.source, r.target} & others]
    assert {(r.source, r.target, r.service, r.protocol) for r in between} == wanted
    # A published port may let in the same connection once more, for another reason.
    spans = {(r.source, r.target, r.service, r.ports) for r in between}
    assert len(spans) == sum(len(services[service].spans) for _, _, service, _ in wanted)


@few
@given(requests())
def test_no_pair_of_the_two_sides_is_open(tenants: Requests) -> None:
    sides = {f"{t.id}/{segment.name}": SIDES[segment.zone] for t in tenants for segment in t.segments}
    for reach in matrix(plan(tenants)).reaches:
        if reach.source in sides and reach.target in sides:
            assert sides[reach.source] is sides[reach.target]


@few
@given(requests())
def test_the_platform_reaches_all_and_the_outside_only_what_is_published(tenants: Requests) -> None:
    found = matrix(plan(tenants))
    segments = {f"{t.id}/{segment.name}" for t in tenants for segment in t.segments}
    published = {
        f"{t.id}/{host.segment}"
        for t in tenants
        for p in t.publish
        for host in t.hosts
        if host.name == p.host
    }
    assert {r.target for r in found.reaches if r.source == OUTSIDE} == published | {BASTION}
    assert {(r.target, r.ports) for r in found.reaches if r.source == BASTION and r.target != SERVICES} == {
        (name, "22") for name in segments
    }
    assert {r.source for r in found.reaches if r.target == SERVICES} == segments | {BASTION}
    assert not [r for r in found.reaches if r.target == OUTSIDE]
    assert set(found.names) == segments | {OUTSIDE, BASTION, SERVICES}


@few
@given(requests())
def test_what_the_proof_expects_between_hosts_is_in_the_matrix(tenants: Requests) -> None:
    made = plan(tenants)
    pairs = set(matrix(made).squares)
    for cell in expected(made):
        if cell.allowed and cell.target.kind is TargetKind.HOST:
            target = cell.target.name if cell.target.name == BASTION else cell.target.group
            assert (cell.source, target) in pairs


def _pair() -> Requests:
    segments = [{"name": "s", "zone": "portal"}, {"name": "o", "zone": "internal"}]
    hosts = [{"name": "web", "segment": "s", "flavor": "small"}]
    flow = {"from": "alpha/s", "to": "beta/s", "service": "voice"}
    publish = [{"hostname": "www.beta.example", "host": "web"}]
    return (
        request("alpha", segments=segments, flows=[flow]),
        request("beta", segments=segments, hosts=hosts, publish=publish, flows=[flow]),
    )


def _slipped(made: Plan, rule: Rule) -> Plan:
    """The plan with one rule more, in the first segment of alpha."""
    alpha, *others = made.tenants
    segment, *rest = alpha.segments
    group = replace(segment.security_group, rules=(*segment.security_group.rules, rule))
    alpha = replace(alpha, segments=(replace(segment, security_group=group), *rest))
    return replace(made, tenants=(alpha, *others))


def test_a_rule_that_no_flow_asked_for_is_seen() -> None:
    made = plan(_pair())
    anywhere = IPv4Network("0.0.0.0/0")
    out = matrix(_slipped(made, Rule(Direction.EGRESS, "tcp", 443, anywhere, "slipped")))
    assert {r.target for r in out.reaches if r.source == "alpha/s" and r.service == "https"} >= {
        OUTSIDE,
        "beta/s",
    }
    into = matrix(_slipped(made, Rule(Direction.INGRESS, "tcp", 25, anywhere, "slipped")))
    assert Reach(OUTSIDE, "alpha/s", "tcp/25", "tcp", "25", "slipped") in into.reaches


def test_every_form_says_the_same() -> None:
    found = matrix(plan(_pair()))
    rows = list(csv.reader(io.StringIO(as_csv(found))))
    open_cells = {
        (row[0], rows[0][place]) for row in rows[1:] for place, cell in enumerate(row[1:], 1) if cell
    }
    assert open_cells == set(found.squares)
    assert {(item["from"], item["to"]) for item in as_json(found)["open"]} == set(found.squares)
    picture = ElementTree.fromstring(svg("Cloud <1>", found))  # noqa: S314 - our own text
    names = {"svg": "http://www.w3.org/2000/svg"}
    told = {
        title.text.partition("\n")[0] for title in picture.iterfind(".//svg:g/svg:title", names) if title.text
    }
    assert told == {f"{source} → {target}" for source, target in found.squares}
    console = Console(width=160, color_system=None)
    with console.capture() as capture:
        console.print(table(found))
    assert "6 platform/bastion" in capture.get()
    assert f"{len(found.squares)} of 42 pairs are open" in capture.get()


def test_exchanges_are_told_and_open_nothing() -> None:
    console = Console(width=160, color_system=None)
    with console.capture() as capture:
        console.print(table(matrix(plan(_pair())), 2))
    assert "exchanges declared: 2. They open nothing here" in capture.get()


def test_a_part_of_the_matrix_keeps_whoever_reaches_it() -> None:
    found = matrix(plan(_pair())).of(["alpha"])
    assert set(found.names) == {"alpha/s", "alpha/o", "beta/s", BASTION, SERVICES}
    assert all(r.source.startswith("alpha") or r.target.startswith("alpha") for r in found.reaches)
