"""Addresses: never twice, never moved, never re-used too early, whatever is requested or removed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from ipaddress import IPv4Network
from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stacks.errors import PlanError
from stacks.plan.addressing import FIRST_HOST, automatic_pool
from stacks.plan.allocation import allocate
from stacks.plan.ledger_change import compare
from stacks.plan.space import Space, rooms
from stacks.request.ledger import Ledger, TenantAddresses
from stacks.request.tenant import TenantRequest
from tests.unit.plan.zones import SIDES, TODAY, Shape, platform, request, shapes

few = settings(max_examples=50, deadline=None)

ROOMY = platform()

COOL_DOWN = timedelta(days=ROOMY.cool_down_days)

Steps = list[tuple[int, list[Shape]]]

STEPS = st.lists(st.tuples(st.integers(0, 60), shapes()), min_size=2, max_size=7)
"""Days since the last step, and everything that is requested then."""


def _requests(drawn: list[Shape]) -> list[TenantRequest]:
    return [request(shape.tenant, **shape.fields()) for shape in drawn]


def _history(steps: Steps) -> list[tuple[date, Ledger]]:
    """The day and the ledger of each step."""
    history, day = [(TODAY, Ledger())], TODAY
    for days, drawn in steps:
        day += timedelta(days=days)
        try:
            history.append((day, allocate(ROOMY, _requests(drawn), history[-1][1], day)))
        except PlanError as error:
            assert "is recorded with" in error.what  # a drawn segment changed its side or outgrew  # noqa: PT017
    return history


def _held(ledger: Ledger) -> Iterator[tuple[str, str, IPv4Network]]:
    """Kind, holder and what is held; numbers and addresses as networks of one."""
    for tenant, entry in ledger.tenants.items():
        yield "number", tenant, IPv4Network((entry.number, 32))
        if entry.dedicated is not None:
            yield "number", f"{tenant}/dedicated", IPv4Network((entry.dedicated, 32))
        yield from (("segment", f"{tenant}/{name}", network) for name, network in entry.segments.items())
        yield from (("host", f"{tenant}/{key}", IPv4Network(address)) for key, address in entry.hosts.items())


@few
@given(STEPS)
def test_nothing_is_ever_given_twice(steps: Steps) -> None:
    for _, ledger in _history(steps):
        for (_, one), (_, other) in combinations(ledger.networks(), 2):
            assert not one.overlaps(other)
        counted = Counter([*ledger.addresses(), *ledger.numbers()])
        assert not counted or max(counted.values()) == 1
        assert ledger.given_twice() == []


@few
@given(STEPS)
def test_what_is_still_requested_is_neither_taken_away_nor_moved(steps: Steps) -> None:
    for (_, before), (_, after) in pairwise(_history(steps)):
        for name in before.tenants.keys() & after.tenants.keys():
            was, now = before.tenants[name], after.tenants[name]
            assert now.number == was.number
            assert None in (now.dedicated, was.dedicated) or now.dedicated == was.dedicated
            for segment in was.segments.keys() & now.segments.keys():
                assert now.segments[segment] == was.segments[segment]
            for key in was.hosts.keys() & now.hosts.keys():
                stays = any(was.hosts[key] in network for network in now.segments.values())
                assert now.hosts[key] == was.hosts[key] or not stays or _changed_segment(was, now, key)


def _changed_segment(was: TenantAddresses, now: TenantAddresses, key: str) -> bool:
    def home(entry: TenantAddresses) -> str:
        return next(name for name, network in entry.segments.items() if entry.hosts[key] in network)

    return home(was) != home(now)


@few
@given(STEPS)
def test_nobody_else_gets_released_space_inside_the_cool_down(steps: Steps) -> None:
    released: dict[tuple[str, str, IPv4Network], date] = {}
    held: set[tuple[str, str, IPv4Network]] = set()
    for day, ledger in _history(steps):
        now = set(_held(ledger))
        released |= dict.fromkeys(held - now, day)
        for kind, holder, network in now - held:
            for (other_kind, other, former), since in released.items():
                if kind == other_kind and holder != other and network.overlaps(former):
                    assert day - since >= COOL_DOWN, (holder, other)
        held = now


@few
@given(STEPS)
def test_after_the_cool_down_everything_is_free_again(steps: Steps) -> None:
    day, ledger = _history(steps)[-1]
    emptied = allocate(ROOMY, [], ledger, day)
    assert emptied.tenants == {}
    later = allocate(ROOMY, [], emptied, day + COOL_DOWN)
    assert later == Ledger()
    assert all(room.free == room.pool.num_addresses for room in rooms(ROOMY, later))


@few
@given(STEPS)
def test_whoever_comes_back_in_time_has_its_own_again(steps: Steps) -> None:
    day, ledger = _history(steps)[-1]
    wanted = _requests(steps[-1][1])
    try:
        before = allocate(ROOMY, wanted, ledger, day)
    except PlanError:
        return
    gone = allocate(ROOMY, [], before, day)
    again = allocate(ROOMY, wanted, gone, day + COOL_DOWN - timedelta(days=1))
    assert again.tenants == before.tenants


@few
@given(shapes(), st.randoms())
def test_order_does_not_matter(drawn: list[Shape], random: Random) -> None:
    shuffled = list(drawn)
    random.shuffle(shuffled)
    straight = allocate(ROOMY, _requests(drawn), Ledger(), TODAY)
    assert allocate(ROOMY, _requests(shuffled), Ledger(), TODAY) == straight


@few
@given(STEPS)
def test_a_second_run_changes_nothing(steps: Steps) -> None:
    day, before = _history(steps)[-2:][0]
    wanted = [request(name, **Shape(name, (("external", 8, 1),)).fields()) for name in ("new", "newer")]
    once = allocate(ROOMY, wanted, before, day)
    assert allocate(ROOMY, wanted, once, day) == once
    assert not any(vars(compare(once, once)).values())


@few
@given(shapes())
def test_every_segment_lies_in_the_pool_of_its_side_and_has_room(drawn: list[Shape]) -> None:
    ledger = allocate(ROOMY, _requests(drawn), Ledger(), TODAY)
    for shape in drawn:
        for number, (zone, size, _) in enumerate(shape.segments):
            network = ledger.tenants[shape.tenant].segments[f"s{number}"]
            assert network.subnet_of(ROOMY.sides[SIDES[zone]].pool)
            first, last = automatic_pool(network)
            assert int(first) - int(network.network_address) - FIRST_HOST >= size
            assert last == network.broadcast_address - 1


def test_a_full_pool_says_what_is_free_and_where() -> None:
    scarce = platform(pool="10.64.0.0/26")
    crowd = [
        request(name, segments=[{"name": "s", "zone": "external", "size": 20}]) for name in ("alpha", "beta")
    ]
    ledger = allocate(scarce, crowd, Ledger(), TODAY)
    late = request("late", segments=[{"name": "s", "zone": "external", "size": 8}])
    internal = "internal pool 10.128.0.0/12: 1048576 of 1048576 addresses are free, the largest block is "
    with pytest.raises(PlanError) as caught:
        allocate(scarce, [*crowd, late], ledger, TODAY)
    assert caught.value.what == (
        "pool 10.64.0.0/26 has no free /28 for segment late/s. External pool 10.64.0.0/26: 0 of 64 addresses "
        f"are free; {internal}10.128.0.0/12."
    )
    wide = request("wide", segments=[{"name": "s", "zone": "external", "size": 40}])
    with pytest.raises(PlanError) as caught:
        allocate(scarce, [crowd[1], wide], ledger, TODAY)
    assert caught.value.what == (
        "pool 10.64.0.0/26 has no free /26 for segment wide/s. External pool 10.64.0.0/26: 0 of 64 addresses "
        "are free; 32 more cool down, the first until 2027-02-20; "
        f"{internal}10.128.0.0/12."
    )


@few
@given(st.lists(st.integers(22, 29), max_size=40), st.randoms())
def test_what_is_called_the_largest_free_block_is_just_that(lengths: list[int], random: Random) -> None:
    pool = IPv4Network("10.64.0.0/21")
    space = Space(pool, [])
    cut = [network for length in lengths if (network := space.cut(length))]
    random.shuffle(cut)
    taken = cut[: len(cut) // 2]
    space = Space(pool, taken)
    assert space.free == pool.num_addresses - sum(network.num_addresses for network in taken)
    largest = space.largest()
    assert largest is not None
    assert not any(largest.overlaps(network) for network in taken)
    assert Space(pool, taken).cut(largest.prefixlen) is not None
    assert largest.prefixlen == pool.prefixlen or Space(pool, taken).cut(largest.prefixlen - 1) is None


def test_a_full_segment_says_so() -> None:
    crowd = request(
        "alpha",
        segments=[{"name": "s", "zone": "external", "size": 4}],
        hosts=[{"name": "h", "segment": "s", "flavor": "small", "count": 9}],
    )
    with pytest.raises(PlanError, match=r"segment 10\.64\.0\.0/28 of tenant alpha has no address left"):
        allocate(ROOMY, [crowd], Ledger(), TODAY)


def test_a_removed_tenant_is_released_and_named() -> None:
    both = [
        request(
            name,
            segments=[{"name": "s", "zone": "external"}],
            hosts=[{"name": "h", "segment": "s", "flavor": "small"}],
        )
        for name in ("alpha", "beta")
    ]
    ledger = allocate(ROOMY, both, Ledger(), TODAY)
    newcomer = request("gamma", segments=[{"name": "s", "zone": "external"}])
    after = allocate(ROOMY, [newcomer, both[1]], ledger, TODAY)
    change = compare(ledger, after)
    assert tuple(map(str, change.given)) == ("gamma tenant number 2", "gamma/s 10.64.0.128/26")
    assert change.tenants == ("gamma",)
    assert tuple(map(str, change.released)) == (
        "alpha tenant number 0, cools down until 2027-02-20",
        "alpha/h-1 10.64.0.4, cools down until 2027-02-20",
        "alpha/s 10.64.0.0/26, cools down until 2027-02-20",
    )
    late = request("late", segments=[{"name": "s", "zone": "external"}])
    day = date(2027, 2, 20)
    at_last = allocate(ROOMY, [newcomer, both[1], late], after, day)
    assert at_last.tenants["late"] == TenantAddresses(number=0, segments={"s": IPv4Network("10.64.0.0/26")})
    assert tuple(map(str, compare(after, at_last).free)) == (
        "alpha tenant number 0",
        "alpha/h-1 10.64.0.4",
        "alpha/s 10.64.0.0/26",
    )
    back = allocate(ROOMY, [newcomer, *both], after, TODAY)
    assert back.tenants["alpha"] == ledger.tenants["alpha"]
    assert back.cooling == ()
    assert compare(after, back).free == ()


ADOPTING = platform(adopted=["192.168.0.0/20"])


def _adopting(tenant: str, cidr: str, zone: str = "external", size: int = 28) -> TenantRequest:
    return request(tenant, segments=[{"name": "s", "zone": zone, "size": size, "adopt": cidr}])


@pytest.mark.parametrize("cidr", ["192.168.1.0/24", "10.64.0.0/24", "10.79.255.0/24"])
def test_an_adopted_network_is_recorded_and_nothing_else_is_cut_there(cidr: str) -> None:
    early = request("alpha", segments=[{"name": "s", "zone": "external", "size": 100}])
    ledger = allocate(ADOPTING, [early, _adopting("beta", cidr)], Ledger(), TODAY)
    adopted = ledger.tenants["beta"].segments["s"]
    assert adopted == IPv4Network(cidr)
    assert not adopted.overlaps(ledger.tenants["alpha"].segments["s"])
    assert allocate(ADOPTING, [early, _adopting("beta", cidr)], ledger, TODAY) == ledger


@pytest.mark.parametrize(
    ("cidr", "problem"),
    [
        ("192.168.0.0/16", "the external side has 10.64.0.0/12, 192.168.0.0/20"),
        ("172.16.0.0/24", "the external side has"),
        ("10.128.0.0/24", "the external side has"),
        ("10.80.0.0/24", "the external side has"),
        ("10.255.1.0/24", "the external side has"),
        ("198.18.0.0/24", "the external side has"),
        ("10.64.0.0/24", "overlaps a network of alpha/s"),
        ("10.64.0.0/29", "overlaps a network of alpha/s"),
        ("10.64.1.0/24", "overlaps a network of gone/s, cooling down until 2027-02-20"),
        ("192.168.2.0/24", "overlaps a network of alpha/t"),
        ("192.168.3.0/28", "no room for 28 hosts"),
    ],
)
def test_an_adopted_network_that_is_not_free_is_refused(cidr: str, problem: str) -> None:
    alpha = request(
        "alpha",
        segments=[
            {"name": "s", "zone": "external", "size": 100},
            {"name": "t", "zone": "portal", "adopt": "192.168.2.0/24"},
        ],
    )
    gone = request("gone", segments=[{"name": "s", "zone": "external", "size": 100}])
    ledger = allocate(ADOPTING, [alpha, gone], Ledger(), TODAY)
    with pytest.raises(PlanError, match=re.escape(problem)):
        allocate(ADOPTING, [alpha, _adopting("beta", cidr)], ledger, TODAY)


def test_two_tenants_do_not_adopt_the_same() -> None:
    pair = [_adopting("alpha", "192.168.1.0/24"), _adopting("beta", "192.168.1.128/25")]
    with pytest.raises(PlanError, match=r"beta/s cannot adopt 192\.168\.1\.128/25: it overlaps .* alpha/s"):
        allocate(ADOPTING, pair, Ledger(), TODAY)


def test_a_segment_in_use_adopts_nothing_else() -> None:
    ledger = allocate(ADOPTING, [_adopting("alpha", "192.168.1.0/24")], Ledger(), TODAY)
    with pytest.raises(
        PlanError, match=r"recorded with 192\.168\.1\.0/24 and cannot adopt 192\.168\.2\.0/24"
    ):
        allocate(ADOPTING, [_adopting("alpha", "192.168.2.0/24")], ledger, TODAY)


@pytest.mark.parametrize(
    ("change", "problem"),
    [({"zone": "internal"}, "lies outside 10.128.0.0/12"), ({"size": 200}, "no room for 200 hosts")],
    ids=["other side", "outgrown"],
)
def test_a_recorded_segment_is_neither_moved_nor_widened(change: dict[str, object], problem: str) -> None:
    segment = {"name": "s", "zone": "external", "size": 20}
    ledger = allocate(ROOMY, [request("alpha", segments=[segment])], Ledger(), TODAY)
    with pytest.raises(PlanError, match=problem):
        allocate(ROOMY, [request("alpha", segments=[{**segment, **change}])], ledger, TODAY)


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
        allocate(ROOMY, [], merged, TODAY)
    assert caught.value.what == f"the ledger gives twice: {twice}."
