"""Addresses inside a network: where they lie, and how long the network of a segment is."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stacks.errors import PlanError
from stacks.plan.addressing import FIRST_HOST, automatic_pool, prefix_length, transit_address
from stacks.request.fields import Side
from tests.unit.plan.zones import platform

ROOMY = platform()


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
