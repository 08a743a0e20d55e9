"""Reading nftables: what is understood is an opening, what is not is foreign, nothing is lost."""

from __future__ import annotations

import json
from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.evidence.host.firewall import Opening, Ruleset, read_ruleset
from stacks.plan.model import Direction, Rule

TABLE = {"family": "inet", "table": "govcloud"}
ANYWHERE = IPv4Network("0.0.0.0/0")


def chain(hook: str, policy: str = "drop") -> dict[str, Any]:
    return {"chain": {**TABLE, "name": hook, "type": "filter", "hook": hook, "prio": 0, "policy": policy}}


def rule(*expressions: dict[str, Any], where: str = "input") -> dict[str, Any]:
    return {"rule": {**TABLE, "chain": where, "expr": list(expressions)}}


def field(protocol: str, name: str) -> dict[str, Any]:
    return {"payload": {"protocol": protocol, "field": name}}


def compare(left: dict[str, Any], right: object, operator: str = "==") -> dict[str, Any]:
    return {"match": {"op": operator, "left": left, "right": right}}


ACCEPT: dict[str, Any] = {"accept": None}
DROP: dict[str, Any] = {"drop": None}
COUNTER: dict[str, Any] = {"counter": {"packets": 0, "bytes": 0}}
SSH = compare(field("tcp", "dport"), 22)
STATE = {"ct": {"key": "state"}}
PROTOCOL = {"meta": {"key": "l4proto"}}
PAIR = {"concat": [field("ip", "saddr"), field("tcp", "dport")]}


def read(*items: dict[str, Any], hooks: tuple[str, ...] = ("input", "output", "forward")) -> Ruleset:
    return read_ruleset(json.dumps({"nftables": [*(chain(hook) for hook in hooks), *items]}))


@settings(deadline=None)
@given(
    st.sampled_from(["tcp", "udp"]),
    st.integers(1, 65535),
    st.integers(0, 2**32 - 1),
    st.integers(1, 32),
    st.sampled_from(list(Direction)),
)
def test_a_rule_of_the_plan_is_read_back_as_itself(
    protocol: str, port: int, address: int, length: int, direction: Direction
) -> None:
    network = IPv4Network((address, length), strict=False)
    hook, end = ("input", "saddr") if direction is Direction.INGRESS else ("output", "daddr")
    right: object = {"prefix": {"addr": str(network.network_address), "len": length}}
    if length == 32:
        right = str(network.network_address)
    found = read(
        rule(
            compare(field("ip", end), right),
            compare(field(protocol, "dport"), port),
            COUNTER,
            ACCEPT,
            where=hook,
        )
    )
    assert found.openings == {Opening.of(Rule(direction, protocol, port, network, ""))}
    assert found.foreign == ()


@pytest.mark.parametrize(
    ("expressions", "expected"),
    [
        ((SSH,), {("tcp", 22, ANYWHERE)}),
        (
            (compare(field("tcp", "dport"), {"set": [80, 443]}),),
            {("tcp", 80, ANYWHERE), ("tcp", 443, ANYWHERE)},
        ),
        (
            (compare(field("udp", "dport"), {"range": [10000, 10199]}),),
            {("udp", (10000, 10199), ANYWHERE)},
        ),
        (
            (compare(field("udp", "dport"), {"set": [5060, {"range": [10000, 10199]}]}),),
            {("udp", 5060, ANYWHERE), ("udp", (10000, 10199), ANYWHERE)},
        ),
        (
            (compare(PROTOCOL, {"set": ["tcp", "udp"]}), compare(field("th", "dport"), 53)),
            {("tcp", 53, ANYWHERE), ("udp", 53, ANYWHERE)},
        ),
        (
            (compare(field("ip", "saddr"), {"range": ["10.0.0.0", "10.0.0.255"]}), SSH),
            {("tcp", 22, IPv4Network("10.0.0.0/24"))},
        ),
        (
            (compare(PAIR, {"set": [{"concat": ["10.0.0.1", 22]}]}),),
            {("tcp", 22, IPv4Network("10.0.0.1/32"))},
        ),
        ((compare(STATE, ["new"], "in"), SSH), {("tcp", 22, ANYWHERE)}),
        ((compare(field("ip", "saddr"), "@admins"), SSH), {("tcp", 22, IPv4Network("10.0.0.9/32"))}),
    ],
)  # fmt: skip
def test_openings_in_every_known_form(
    expressions: tuple[dict[str, Any], ...], expected: set[tuple[str, int | tuple[int, int], IPv4Network]]
) -> None:
    admins = {"set": {**TABLE, "name": "admins", "type": "ipv4_addr", "elem": ["10.0.0.9"]}}
    found = read(admins, rule(*expressions, ACCEPT))
    opened = {
        (item.protocol, item.port if len(item.ports) == 1 else (item.port, item.last_port), item.remote)
        for item in found.openings
    }
    assert opened == expected
    assert found.foreign == ()


@pytest.mark.parametrize(
    "foreign",
    [
        rule(ACCEPT),
        rule(compare(field("ip", "saddr"), "10.0.0.1"), ACCEPT),
        rule(compare(field("tcp", "dport"), 22, "!="), ACCEPT),
        rule(compare(field("ip", "daddr"), "10.0.0.1"), SSH, ACCEPT),
        rule(compare(field("ip6", "saddr"), "fe80::1"), SSH, ACCEPT),
        rule(compare({"meta": {"key": "iifname"}}, "eth0"), ACCEPT),
        rule(compare({"meta": {"key": "mark"}}, 1), SSH, ACCEPT),
        rule(compare(STATE, ["established", "new"], "in"), ACCEPT),
        rule(compare(field("ip", "protocol"), "icmp"), ACCEPT),
        rule(compare(field("ip", "saddr"), "@unknown"), SSH, ACCEPT),
        rule(SSH, {"jump": {"target": "more"}}),
        rule(SSH, {"vmap": {"key": {}, "data": {}}}),
        rule(SSH, {"dnat": {"addr": "10.0.0.1"}}, ACCEPT),
        rule(SSH, ACCEPT, where="forward"),
        rule(SSH, ACCEPT, where="unknown"),
    ],
)
def test_what_is_not_understood_is_foreign(foreign: dict[str, Any]) -> None:
    found = read(foreign)
    assert len(found.foreign) == 1
    assert found.openings == frozenset()


def test_traffic_that_belongs_is_no_opening() -> None:
    found = read(
        rule(compare({"meta": {"key": "iif"}}, "lo"), ACCEPT),
        rule(compare(STATE, {"set": ["established", "related"]}, "in"), ACCEPT),
        rule(compare(STATE, "invalid", "in"), COUNTER, DROP),
        rule({"limit": {"rate": 10}}, {"log": {"group": 1}}),
        rule(compare(field("ip6", "daddr"), {"prefix": {"addr": "ff00::", "len": 8}}), COUNTER, DROP),
        rule(DROP),
    )
    assert (found.openings, found.foreign) == (frozenset(), ())
    assert {found.stateful, found.invalid_dropped, found.logged} == {frozenset({"input"})}


def test_a_narrower_drop_is_not_the_one_for_invalid_packets() -> None:
    found = read(rule(compare(STATE, "invalid", "in"), SSH, DROP))
    assert found.invalid_dropped == frozenset()


def test_what_is_logged_is_known_by_what_the_rule_sees() -> None:
    log: dict[str, Any] = {"log": {"group": 1}}
    limit: dict[str, Any] = {"limit": {"rate": 100}}
    found = read(
        rule(compare(STATE, "new", "in"), limit, log),
        rule(compare(STATE, "new", "in"), SSH, limit, log, where="output"),
        rule(limit, log, where="forward"),
    )
    assert found.noted == {"input"}
    assert found.logged == {"forward"}
    assert found.foreign == ()


def test_policies_count_only_chains_that_see_both_families() -> None:
    ip = {"family": "ip", "table": "t", "name": "c", "type": "filter", "hook": "input", "prio": 0}
    found = read({"chain": {**ip, "policy": "accept"}})
    assert found.policies("input") == {"drop"}
    assert len(found.chains) == 4
