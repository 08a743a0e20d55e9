"""The kernel, fed with the rendered file, enforces the plan's rules and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from scripts.configure.inventory import rule_variables
from scripts.evidence.host.firewall import Opening, read_ruleset
from stacks.plan.model import Direction, Plan, Rule
from tests.unit.configure.rendering import render

CHAINS = {"input": Direction.INGRESS, "output": Direction.EGRESS}
Found = tuple[Direction, str, int, IPv4Network]


@pytest.fixture
def rulesets(hosts: dict[str, dict[str, Any]], tmp_path: Path) -> dict[str, list[dict[str, Any]]]:
    """What the kernel lists for each host, after loading its file in a network namespace of its own."""
    return {
        name: json.loads(_listed(variables, tmp_path / name))["nftables"] for name, variables in hosts.items()
    }


def _listed(host: Mapping[str, Any], path: Path) -> str:
    if shutil.which("nft") is None or shutil.which("unshare") is None:
        pytest.skip("nftables is not installed here")
    fully = host["log_level"] == "full"
    rules = host["firewall_rules"]
    path.write_text(
        render("firewall", "nftables.conf.j2", firewall_rules=rules, firewall_new_connections=fully)
    )
    script = f"nft -f {path} && nft -f {path} && nft -j list ruleset"
    command = ["unshare", "--map-root-user", "--net", "sh", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_chain_drops_what_no_rule_names(rulesets: dict[str, list[dict[str, Any]]]) -> None:
    for ruleset in rulesets.values():
        chains = {entry["chain"]["hook"]: entry["chain"]["policy"] for entry in ruleset if "chain" in entry}
        assert chains == {"input": "drop", "forward": "drop", "output": "drop"}


def test_accepted_is_exactly_what_the_plan_names(
    plan: Plan, rulesets: dict[str, list[dict[str, Any]]]
) -> None:
    for tenant in plan.tenants:
        for host in tenant.hosts:
            wanted = {(rule.direction, rule.protocol, rule.port, rule.remote) for rule in host.rules}
            found = list(_accepted(rulesets[host.name]))
            assert set(found) == wanted
            assert len(found) == len(wanted)


def test_what_is_dropped_is_logged_and_counted(rulesets: dict[str, list[dict[str, Any]]]) -> None:
    for ruleset in rulesets.values():
        for chain in ("input", "forward", "output"):
            rules = [entry["rule"] for entry in ruleset if entry.get("rule", {}).get("chain") == chain]
            *_, log, drop = rules
            assert any(part.get("log", {}).get("group") == 1 for part in log["expr"])
            assert [set(part) for part in drop["expr"]] == [{"counter"}, {"drop"}]


def _accepted(ruleset: list[dict[str, Any]]) -> Iterator[Found]:
    for entry in ruleset:
        rule = entry.get("rule")
        if rule is None or {"accept": None} not in rule["expr"] or "comment" not in rule:
            continue
        matches = {_field(part["match"]): part["match"]["right"] for part in rule["expr"] if "match" in part}
        direction = CHAINS[rule["chain"]]
        address = "saddr" if direction is Direction.INGRESS else "daddr"
        protocol = "tcp" if "tcp dport" in matches else "udp"
        yield direction, protocol, matches[f"{protocol} dport"], _network(matches[f"ip {address}"])


def _field(match: dict[str, Any]) -> str:
    payload = match["left"]["payload"]
    return f"{payload['protocol']} {payload['field']}"


def _network(value: str | dict[str, Any]) -> IPv4Network:
    if isinstance(value, dict):
        return IPv4Network((value["prefix"]["addr"], value["prefix"]["len"]))
    return IPv4Network(value)


def test_a_range_of_ports_is_read_back_as_it_was_planned(tmp_path: Path) -> None:
    remote = IPv4Network("10.64.0.0/27")
    rules = [
        Rule(Direction.INGRESS, "udp", 5060, remote, "voice"),
        Rule(Direction.INGRESS, "udp", 10000, remote, "voice", 10199),
    ]
    host = {"log_level": "standard", "firewall_rules": list(map(rule_variables, rules))}
    found = read_ruleset(_listed(host, tmp_path / "nftables.conf"))
    assert found.openings == set(map(Opening.of, rules))
    assert found.foreign == ()


@pytest.mark.parametrize(("level", "hooks"), [("full", {"input", "output"}), ("standard", set())])
def test_the_log_level_decides_whether_new_connections_are_logged(
    level: str, hooks: set[str], tmp_path: Path
) -> None:
    rules = [Rule(Direction.INGRESS, "tcp", 22, IPv4Network("10.255.0.10/32"), "administration")]
    host = {"log_level": level, "firewall_rules": list(map(rule_variables, rules))}
    found = read_ruleset(_listed(host, tmp_path / "nftables.conf"))
    assert found.noted == hooks
    assert found.logged == {"input", "forward", "output"}
    assert found.openings == set(map(Opening.of, rules))
    assert found.foreign == ()
