"""What counts as reached, and how a difference reads."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from scripts.prove.prober import Outcome
from scripts.prove.result import Observation, broken_controls
from stacks.plan.reachability import OUTSIDE, Cell, Target, TargetKind

ADDRESS = IPv4Address("10.128.1.4")
OPEN, REFUSED, SILENT, UNREACHABLE = Outcome.OPEN, Outcome.REFUSED, Outcome.SILENT, Outcome.UNREACHABLE


def _cell(
    reason: str = "", source: str = "luoyang-tourism/portal", kind: TargetKind = TargetKind.HOST
) -> Cell:
    target = Target("xiangyang-portal/office/oa-1", "xiangyang-portal-oa-1", ADDRESS, kind)
    return Cell(source, "luoyang-tourism-web-1", target, 22, "ssh", reason)


def _seen(reason: str, connected: Outcome, wired: Outcome | None) -> Observation:
    return Observation(_cell(reason), ADDRESS, connected, wired)


@pytest.mark.parametrize(
    ("connected", "wired", "reached"),
    [
        (OPEN, OPEN, True),
        (SILENT, OPEN, True),
        (UNREACHABLE, REFUSED, True),
        (REFUSED, REFUSED, True),
        (REFUSED, SILENT, False),
        (SILENT, SILENT, False),
        (REFUSED, None, True),
        (SILENT, None, False),
    ],
)
def test_a_forbidden_target_is_closed_only_if_both_ways_fail(
    connected: Outcome, wired: Outcome | None, reached: bool
) -> None:
    seen = _seen("", connected, wired)
    assert seen.reached is reached
    assert seen.differs is reached


@pytest.mark.parametrize(
    ("connected", "wired", "reached"),
    [
        (OPEN, OPEN, True),
        (OPEN, SILENT, True),
        (REFUSED, REFUSED, True),
        (REFUSED, SILENT, False),
        (SILENT, OPEN, False),
        (REFUSED, None, True),
        (UNREACHABLE, None, False),
    ],
)
def test_an_allowed_target_is_reached_only_by_an_ordinary_connection(
    connected: Outcome, wired: Outcome | None, reached: bool
) -> None:
    seen = _seen("flow a → b : ssh", connected, wired)
    assert seen.reached is reached
    assert seen.differs is not reached


def test_differences_are_sentences() -> None:
    assert str(_seen("", OPEN, OPEN)) == (
        "luoyang-tourism/portal reached xiangyang-portal/office/oa-1:22, which no flow allows"
    )
    assert str(_seen("", SILENT, OPEN)).endswith("(only the source host's own firewall held it back)")
    assert str(_seen("flow a → b : ssh", SILENT, SILENT)) == (
        "luoyang-tourism/portal did not reach xiangyang-portal/office/oa-1:22 (no answer), "
        "although it must: flow a → b : ssh"
    )
    assert "the source host's own firewall" in str(_seen("flow a → b : ssh", SILENT, OPEN))


def test_only_allowed_probes_of_services_or_from_outside_are_controls() -> None:
    service = _cell("package source", kind=TargetKind.SERVICE)
    published = _cell("published", source=OUTSIDE, kind=TargetKind.PUBLIC)
    others = [_cell("flow a → b : ssh"), _cell("", source=OUTSIDE), _cell("", kind=TargetKind.SERVICE)]
    failed = [Observation(cell, ADDRESS, SILENT, SILENT) for cell in (service, published, *others)]
    assert {item.cell for item in broken_controls(failed)} == {service, published}
    assert not broken_controls([Observation(service, ADDRESS, OPEN, OPEN)])
    assert not broken_controls([Observation(published, ADDRESS, REFUSED, None)])
    assert broken_controls([Observation(service, ADDRESS, OPEN, SILENT)])
