"""One clock for all records. Source: GB/T 22239-2019 8.1.5.4 f, 8.1.4.3 b."""

from __future__ import annotations

import pytest

from scripts.evidence.finding import equal, holds
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.host.system import clock, time_sources
from scripts.evidence.said import said
from stacks.plan.model import Plan

OFFSET = 2.0
"""Seconds that a host's clock may differ from the auditor's; a call takes up to one."""

DRIFT = 0.5
"""Seconds that a clock may differ from its server's."""


@pytest.mark.control("8.1.5.4-f")
def test_time_service(facts: HostFacts) -> None:
    """The time service runs, and starts at every boot."""
    unit = facts.units.get("chrony.service")
    equal(
        f"{unit.enabled}, {unit.active}" if unit else "no such unit",
        "enabled, active",
        do="Enable chrony.service.",
    )


@pytest.mark.control("8.1.5.4-f", "8.1.4.3-b")
def test_planned_time_server(facts: HostFacts, plan: Plan) -> None:
    """The host asks the planned time server, and no other."""
    server = str(plan.platform.platform.core_services.time)
    equal(
        facts.read(time_sources, "time_sources"),
        {server},
        do="Name only this server in /etc/chrony/chrony.conf.",
    )


@pytest.mark.control("8.1.5.4-f", "8.1.4.3-b")
def test_clock_follows(facts: HostFacts, plan: Plan) -> None:
    """The time server answers, and the clock agrees with it."""
    state = facts.read(clock, "time_tracking")
    server = str(plan.platform.platform.core_services.time)
    holds(
        state.synchronised and state.source == server and state.offset <= DRIFT,
        expected=said("following {server} within {seconds} s", server=server, seconds=DRIFT),
        observed=said(
            "{server}, {seconds} s off, {state}",
            server=state.source or said("no server"),
            seconds=f"{state.offset:.3f}",
            state=said("synchronised") if state.synchronised else said("not synchronised"),
        ),
        do="See `chronyc sources`: does the time server answer?",
    )


@pytest.mark.control("8.1.5.4-f")
def test_clock_agrees_with_auditor(facts: HostFacts) -> None:
    """The host's clock agrees with the auditor's."""
    offset = facts.clock_offset
    holds(
        offset <= OFFSET + facts.seconds / 2,
        expected=said("within {seconds} s, and half of the call's duration", seconds=OFFSET),
        observed=said("{seconds} s apart", seconds=f"{offset:.2f}"),
        do="See `chronyc tracking` on both machines.",
    )
