"""Addresses: never twice, never moved, whatever is requested, removed or written in another order."""

from __future__ import annotations

from collections import Counter
from ipaddress import IPv4Network
from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stacks.errors import PlanError
from stacks.plan.addressing import (
    FIRST_HOST,
    Ledger,
    TenantAddresses,
    allocate,
    automatic_pool,
    prefix_length,
    transit_address,
)
from stacks.request.fields import Side
from stacks.request.tenant import TenantRequest
from tests.unit.plan.zones import SIDES, Shape, platform, request, shapes

few = settings(max_examples=50, deadline=None)

ROOMY = platform()


def _requests(drawn: list[Shape]) -> list[TenantRequest]:
    return [request(shape.tenant, **shape.fields()) for shape in drawn]


def _history(steps: list[list[Shape]]) -> list[Ledger]:
    """The ledger after each step, when every step is all that is requested at that time."""
    ledgers = [Ledger()]
    for step in steps:
        try:
            ledgers.append(allocate(ROOMY, _requests(step), ledgers[-1]))
        except PlanError as error:
            assert "is recorded with" in error.what  # a drawn segment changed its side or outgrew  # noqa: PT017
    return ledgers


@few
@given(st.lists(shapes(), min_size=1, max_size=6))
def test_nothing_is_ever_given_twice(steps: list[list[Shape]]) -> None:
    ledger = _history(steps)[-1]
    for one, other in combinations(ledger.networks(), 2):
        assert not one.overlaps(other)
    hosts = Counter(address for tenant in ledger.tenants.values() for address in tenant.hosts.values())
    assert not hosts or max(hosts.values()) == 1
    numbers = [tenant.number for tenant in ledger.tenants.values()]
    assert len(set(numbers)) == len(numbers)


@few
@given(st.lists(shapes(), min_size=2, max_size=6))
def test_nothing_is_ever_taken_away_or_moved(steps: list[list[Shape]]) -> None:
    for before, after in pairwise(_history(steps)):
        for name, given_before in before.tenants.items():
            given_after = after.tenants[name]
            assert given_after.number == given_before.number
            assert given_before.segments.items() <= given_after.segments.items()
            assert given_before.hosts.items() <= given_after.hosts.items()


@few
@given(shapes(), st.randoms())
def test_order_does_not_matter(drawn: list[Shape], random: Random) -> None:
    shuffled = list(drawn)
    random.shuffle(shuffled)
    assert allocate(ROOMY, _requests(shuffled), Ledger()) == allocate(ROOMY, _requests(drawn), Ledger())


@few
@given(shapes())
def test_a_second_run_changes_nothing(drawn: list[Shape]) -> None:
    once = allocate(ROOMY, _requests(drawn), Ledger())
    assert allocate(ROOMY, _requests(drawn), once) == once


@few
@given(shapes())
def test_every_segment_lies_in_the_pool_of_its_side_and_has_room(drawn: list[Shape]) -> None:
    ledger = allocate(ROOMY, _requests(drawn), Ledger())
    for shape in drawn:
        for number, (zone, size, _) in enumerate(shape.segments):
            network = ledger.tenants[shape.tenant].segments[f"s{number}"]
            assert network.subnet_of(ROOMY.sides[SIDES[zone]].pool)
            first, last = automatic_pool(network)
            assert int(first) - int(network.network_address) - FIRST_HOST >= size
            assert last == network.broadcast_address - 1


@given(st.integers(1, 1000))
def test_the_subnet_is_the_smallest_with_room(size: int) -> None:
    def room(length: int) -> int:
        return int(2 ** (32 - length)) * 3 // 4 - FIRST_HOST

    length = prefix_length(size)
    assert room(length) >= size
    assert length == 29 or room(length + 1) < size


def test_a_segment_beyond_any_subnet_is_refused() -> None:
    with pytest.raises(PlanError, match="larger than /16"):
        prefix_length(60_000)


@given(st.lists(st.tuples(st.integers(0, 1500), st.sampled_from(Side)), unique=True, max_size=20))
def test_transit_addresses_are_unique_and_outside_of_the_automatic_pool(
    taken: list[tuple[int, Side]],
) -> None:
    network = ROOMY.management.network
    addresses = [transit_address(network, number, side) for number, side in taken]
    assert len(set(addresses)) == len(addresses)
    first, last = automatic_pool(network)
    assert not any(first <= address <= last for address in addresses)
    assert all(address in network and address not in {network[1], network[10]} for address in addresses)


def test_a_full_transit_network_says_so() -> None:
    with pytest.raises(PlanError, match=r"10\.255\.0\.0/26 has no address left for tenant number 16"):
        transit_address(IPv4Network("10.255.0.0/26"), 16, Side.EXTERNAL)


def test_a_full_pool_says_what_is_free() -> None:
    scarce = platform(pool="10.64.0.0/26")
    crowd = [
        request(name, segments=[{"name": "s", "zone": "external", "size": 20}]) for name in ("alpha", "beta")
    ]
    ledger = allocate(scarce, crowd, Ledger())
    late = request(
        "late",
        segments=[{"name": name, "zone": "external", "size": size} for name, size in (("s", 8), ("t", 4))],
    )
    with pytest.raises(PlanError) as caught:
        allocate(scarce, [*crowd, late], ledger)
    assert caught.value.what == "pool 10.64.0.0/26 has no free /28 for segment late/s; 0 addresses are free."
    alone = allocate(scarce, [crowd[0]], Ledger())
    wide = request("wide", segments=[{"name": "s", "zone": "external", "size": 40}])
    with pytest.raises(PlanError, match=r"no free /26 for segment wide/s; 32 addresses are free"):
        allocate(scarce, [crowd[0], wide], alone)


def test_a_full_segment_says_so() -> None:
    crowd = request(
        "alpha",
        segments=[{"name": "s", "zone": "external", "size": 4}],
        hosts=[{"name": "h", "segment": "s", "flavor": "small", "count": 9}],
    )
    with pytest.raises(PlanError, match=r"segment 10\.64\.0\.0/28 of tenant alpha has no address left"):
        allocate(ROOMY, [crowd], Ledger())


def test_a_removed_tenant_keeps_its_addresses() -> None:
    both = [request(name, segments=[{"name": "s", "zone": "external"}]) for name in ("alpha", "beta")]
    ledger = allocate(ROOMY, both, Ledger())
    newcomer = request("gamma", segments=[{"name": "s", "zone": "external"}])
    after = allocate(ROOMY, [newcomer, both[1]], ledger)
    assert after.tenants["alpha"] == ledger.tenants["alpha"]
    assert after.tenants["gamma"].segments["s"] not in list(ledger.networks())


@pytest.mark.parametrize(
    ("change", "problem"),
    [({"zone": "internal"}, "lies outside 10.128.0.0/12"), ({"size": 200}, "no room for 200 hosts")],
    ids=["other side", "outgrown"],
)
def test_a_recorded_segment_is_neither_moved_nor_widened(change: dict[str, object], problem: str) -> None:
    segment = {"name": "s", "zone": "external", "size": 20}
    ledger = allocate(ROOMY, [request("alpha", segments=[segment])], Ledger())
    with pytest.raises(PlanError, match=problem):
        allocate(ROOMY, [request("alpha", segments=[{**segment, **change}])], ledger)


@pytest.mark.parametrize(
    ("other", "twice"),
    [
        ({"number": 1, "segments": {"s": "10.64.0.0/28"}}, "network 10.64.0.0"),
        ({"number": 1, "segments": {"s": "10.64.0.16/28"}}, "network 10.64.0.16"),
        ({"number": 0}, "tenant number 0"),
        ({"number": 1, "hosts": {"a-1": "10.64.0.4", "b-1": "10.64.0.4"}}, "10.64.0.4"),
    ],
    ids=["same network", "overlap", "number", "host"],
)
def test_a_ledger_merged_from_two_branches_is_refused(other: dict[str, object], twice: str) -> None:
    first = TenantAddresses.model_validate({"number": 0, "segments": {"s": "10.64.0.0/27"}})
    merged = Ledger(tenants={"alpha": first, "beta": TenantAddresses.model_validate(other)})
    with pytest.raises(PlanError) as caught:
        allocate(ROOMY, [], merged)
    assert caught.value.what == f"the ledger gives twice: {twice}."
