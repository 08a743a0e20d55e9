"""The host's own firewall, read back from the kernel, against the plan. Source: GB/T 22239-2019 8.1.3.2."""

from __future__ import annotations

import pytest

from scripts.evidence.finding import equal, holds, nothing, same
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.host.firewall import Opening, Ruleset
from scripts.evidence.said import said
from scripts.evidence.target import PlannedRule, Target

DEPLOY = "Run `govcloud deploy`, which writes the plan's rules; find out who changed them."
REFUSED = ("Operation not permitted", "Network is unreachable", "No route to host")


def policy(ruleset: Ruleset, hook: str) -> None:
    """What no rule names is dropped on a hook, for IPv4 and IPv6 alike."""
    equal(ruleset.policies(hook), frozenset({"drop"}), do=DEPLOY)


@pytest.mark.control("8.1.3.2-a", "8.2.3.1-a")
def test_ingress_dropped_by_default(facts: HostFacts) -> None:
    """What the plan does not name cannot come in."""
    policy(facts.ruleset, "input")


@pytest.mark.control("8.1.3.2-a", "8.1.3.1-c")
def test_egress_dropped_by_default(facts: HostFacts) -> None:
    """What the plan does not name cannot go out."""
    policy(facts.ruleset, "output")


@pytest.mark.control("8.1.3.1-a", "8.1.2.1-d")
def test_forwarding_dropped(facts: HostFacts) -> None:
    """The host passes nothing on."""
    policy(facts.ruleset, "forward")


@pytest.mark.control("8.1.3.2-b", "8.1.3.2-c", "8.2.4.2-b")
def test_rules_equal_plan(facts: HostFacts, target: Target) -> None:
    """The openings are exactly the plan's: none is missing and none is surplus."""
    same(facts.ruleset.openings, map(Opening.of, target.rules), what="openings", do=DEPLOY)


@pytest.mark.control("8.1.3.2-a", "8.1.3.2-c", "8.2.3.1-a")
def test_rule_in_force(facts: HostFacts, row: PlannedRule) -> None:
    """A planned rule is in force, now and after the next boot."""
    for expected, ruleset in (
        (said("{opening} now", opening=row.phrase), facts.ruleset),
        (said("{opening} after a boot", opening=row.phrase), facts.boot_ruleset),
    ):
        holds(
            Opening.of(row.rule) in ruleset.openings,
            expected=expected,
            observed="no such opening",
            do=DEPLOY,
        )


@pytest.mark.control("8.1.3.2-b")
def test_no_foreign_rules(facts: HostFacts) -> None:
    """No rule is in force that the plan's form does not know."""
    holds(bool(facts.ruleset.chains), expected="base chains", observed="none", do=DEPLOY)
    nothing(facts.ruleset.foreign, expected="only rules of the plan's form", do=DEPLOY)


@pytest.mark.control("8.1.3.2-b")
def test_no_foreign_chains(facts: HostFacts) -> None:
    """One filter chain sees each direction, and no chain rewrites packets."""
    chains = sorted(f"{chain.family} {chain.type} {chain.hook}" for chain in facts.ruleset.chains)
    equal(chains, ["inet filter forward", "inet filter input", "inet filter output"], do=DEPLOY)


@pytest.mark.control("8.1.3.2-d")
def test_stateful(facts: HostFacts) -> None:
    """Answers pass by the state of their connection, not by rules of their own."""
    holds(
        facts.ruleset.stateful >= {"input", "output"},
        expected="established and related accepted on input and output",
        observed=facts.ruleset.stateful,
        do=DEPLOY,
    )


@pytest.mark.control("8.1.3.2-d", "8.1.3.3-b")
def test_invalid_packets_dropped(facts: HostFacts) -> None:
    """Packets that belong to no connection are dropped before any rule."""
    holds(
        facts.ruleset.invalid_dropped >= {"input", "output"},
        expected="invalid dropped on input and output",
        observed=facts.ruleset.invalid_dropped,
        do=DEPLOY,
    )


@pytest.mark.control("8.1.3.5-a", "8.1.3.1-c")
def test_refused_packets_logged(facts: HostFacts) -> None:
    """What is refused, inwards and outwards, is written to the log."""
    holds(
        facts.ruleset.logged >= {"input", "output"},
        expected="log on input and output",
        observed=facts.ruleset.logged,
        do=DEPLOY,
    )


@pytest.mark.control("8.1.3.2-a")
def test_loaded_at_boot(facts: HostFacts) -> None:
    """The firewall is loaded at every boot, before the network."""
    unit = facts.units.get("nftables.service")
    observed = f"{unit.enabled}, {unit.active}" if unit else "no such unit"
    equal(observed, "enabled, active", do="systemctl enable --now nftables.")


@pytest.mark.control("8.1.3.2-a", "8.1.3.2-b")
def test_boot_rules_equal_plan(facts: HostFacts, target: Target) -> None:
    """The next boot loads the same openings: loading them into an empty network shows it."""
    same(facts.boot_ruleset.openings, map(Opening.of, target.rules), what="openings after a boot", do=DEPLOY)
    nothing(facts.boot_ruleset.foreign, expected="only rules of the plan's form", do=DEPLOY)
    for hook in ("input", "output", "forward"):
        policy(facts.boot_ruleset, hook)


@pytest.mark.control("8.1.3.1-c", "8.1.3.3-b")
def test_outside_unreachable(facts: HostFacts) -> None:
    """A packet to the Internet is refused on the host itself (违规外联)."""
    refused(facts, "canary_outside")


@pytest.mark.control("8.1.3.1-c", "8.1.3.2-c")
def test_other_ports_of_services_unreachable(facts: HostFacts) -> None:
    """A packet to a port of the core services that no rule names is refused on the host itself."""
    refused(facts, "canary_near")


def refused(facts: HostFacts, question: str) -> None:
    """The kernel refused a datagram at once."""
    answer = facts.raw(question)
    holds(
        any(word in answer for word in REFUSED),
        expected="refused by the host's own kernel",
        observed=answer.replace("end", "").strip() or "the datagram left the host",
        do=DEPLOY,
    )


@pytest.mark.control("8.1.3.5-a", "8.1.3.5-b", "8.1.3.1-c")
def test_refused_packet_recorded(facts: HostFacts, target: Target) -> None:
    """The audit's own refused packet is in the log, with time, source, target and port."""
    lines = facts.raw("drops").splitlines()
    wanted = (f"SRC={target.address}", "DPT=33434")
    holds(
        any(all(word in line for word in wanted) for line in lines),
        expected=said("a log line with {words}", words=" ".join(wanted)),
        observed=said("{count} lines of refused packets, none with both", count=len(lines) - 1),
        do="See that ulogd2.service runs and that the rules log what they refuse.",
    )
