"""What the lab breaks is enough: each automated control has a real break there. The lab proves it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.evidence.catalogue import read_catalogue
from tests.lab import mutation
from tests.lab.test_audit_cloud import RED
from tests.lab.test_audit_hosts import BASE, COLLECTED, FULL, INTEGRITY, PORTAL
from tests.unit.evidence.checks import CHECKS

NAMES = {check.name for check in CHECKS}
HOST_RED = frozenset().union(*(item.red for item in (*BASE, *COLLECTED, *INTEGRITY, *FULL, *PORTAL)))
CLOUD_RED = frozenset(check for found in RED.values() for check, _ in found)


@pytest.mark.parametrize("check", sorted(HOST_RED | CLOUD_RED))
def test_what_turns_red_is_a_check(check: str) -> None:
    assert check in NAMES


def test_every_automated_control_has_a_break_on_the_lab() -> None:
    missing = read_catalogue().automated - mutation.proved(HOST_RED | CLOUD_RED)
    assert missing == mutation.OWN_KERNEL


def test_the_table_names_control_check_break_and_commit(tmp_path: Path) -> None:
    file = tmp_path / "mutations.json"
    mutation.record(file, "web-1", {"rm -rf | true": ["files/set_id_programs"]})
    mutation.record(file, "web-1", {"sysctl": ["time/time_service"]})
    text = mutation.table(file)
    assert r"| 8.1.4.2-d | files/set_id_programs | `rm -rf \| true` | web-1 | 20" in text
    assert "| 8.1.5.4-f | time/time_service |" in text
