"""The proof as a page, as data and on the terminal: the same facts in all three."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from rich.console import Console

from scripts.prove.evidence import DATA, page_of, write_evidence
from scripts.prove.matrix import Mark, matrix_of
from scripts.prove.prober import Outcome
from scripts.prove.result import Observation, Proof
from scripts.prove.terminal import rendered
from stacks.plan.flows import Endpoint
from stacks.plan.landing_zone import plan_from_folder
from stacks.plan.reachability import OUTSIDE, expected, segments
from stacks.settings import REPOSITORY

BREACH = ("luoyang-tourism/data", "xiangyang-portal/office/oa-1", 22)
MISSING = ("luoyang-tourism/portal", "luoyang-tourism/data/db-1", 5432)


def _proof(*, differing: bool) -> Proof:
    """The matrix of the example tenants, as planned or with one breach and one missing connection."""
    plan = plan_from_folder(REPOSITORY / "tenants")
    changed = {BREACH: Outcome.OPEN, MISSING: Outcome.SILENT} if differing else {}
    observations = []
    for cell in expected(plan):
        normal = Outcome.OPEN if cell.allowed else Outcome.SILENT
        outcome = changed.get((cell.source, cell.target.name, cell.port), normal)
        address = cell.target.address or IPv4Address("203.0.113.9")
        wired = None if cell.source == OUTSIDE else outcome
        observations.append(Observation(cell, address, outcome, wired))
    sides = {str(Endpoint(tenant.id, segment.key)): segment.side for tenant, segment in segments(plan)}
    started = datetime(2026, 11, 21, tzinfo=UTC)
    return Proof("A <city> & its cloud", "test", started, 1.5, tuple(observations), sides, ("a/empty",))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.references: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.references += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("differing", [False, True])
def test_the_page_stands_alone(tmp_path: Path, differing: bool) -> None:
    page = _Page()
    source = write_evidence(_proof(differing=differing), tmp_path).read_text(encoding="utf-8")
    page.feed(source)
    assert "script" not in page.tags
    assert not page.references
    assert "url(" not in source
    assert "@import" not in source
    assert "A <city> & its cloud" in "".join(page.text)


def test_differences_are_named_everywhere(tmp_path: Path) -> None:
    proof = _proof(differing=True)
    page = write_evidence(proof, tmp_path).read_text(encoding="utf-8")
    data = json.loads((tmp_path / DATA).read_text(encoding="utf-8"))
    terminal = io.StringIO()
    Console(file=terminal, width=200).print(rendered(proof))
    breach = "luoyang-tourism/data reached xiangyang-portal/office/oa-1:22, which no flow allows"
    missing = "luoyang-tourism/portal did not reach luoyang-tourism/data/db-1:5432"
    assert data["holds"] is False
    assert data["differences"][0] == breach
    assert data["differences"][1].startswith(missing)
    for text in (page, terminal.getvalue()):
        assert breach in text
        assert missing in text
        assert "!22" in text
        assert "?5432" in text
    assert "a/empty" in page
    assert "a/empty" in terminal.getvalue()


def test_a_proof_without_differences_says_so(tmp_path: Path) -> None:
    proof = _proof(differing=False)
    page = write_evidence(proof, tmp_path).read_text(encoding="utf-8")
    assert json.loads((tmp_path / DATA).read_text(encoding="utf-8"))["holds"] is True
    assert "The packets agree with the plan" in page
    assert not list(tmp_path.glob("*.part"))


def test_exchanges_are_told_and_open_nothing(tmp_path: Path) -> None:
    proof = replace(_proof(differing=False), exchanges=1)
    terminal = io.StringIO()
    Console(file=terminal, width=200).print(rendered(proof))
    words = "exchanges declared: 1. They open nothing here"
    assert words in write_evidence(proof, tmp_path).read_text(encoding="utf-8")
    assert words in terminal.getvalue()
    assert words not in page_of(_proof(differing=False))


def test_squares_hold_every_probe_once() -> None:
    proof = _proof(differing=True)
    matrix = matrix_of(proof)
    assert sum(square.probes for square in matrix.squares.values()) == len(proof.observations)
    shown = [name for bands in (matrix.rows, matrix.columns) for band in bands for name in band.names]
    assert set(shown) == {name for key in matrix.squares for name in key}
    assert matrix.square(BREACH[0], "xiangyang-portal/office").mark is Mark.BREACH
    assert matrix.square(MISSING[0], "luoyang-tourism/data").mark is Mark.MISSING
