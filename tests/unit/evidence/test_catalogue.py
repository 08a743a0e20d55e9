"""The catalogue and the checks know one another."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from scripts.evidence.catalogue import read_catalogue
from scripts.evidence.host.facts import HostFacts
from stacks.errors import RequestError
from tests.unit.evidence.checks import CHECKS, Check

HOST_CHECKS = [check for check in CHECKS if {"facts", "own_kernel"} & set(check.arguments)]
CLOUD_CHECKS = [check for check in CHECKS if "cloud" in check.arguments]
BASE = {check.name for check in HOST_CHECKS if check.area != "portal" and "own_kernel" not in check.arguments}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_is_evidence_for_known_controls(check: Check) -> None:
    assert check.controls
    assert set(check.controls) <= set(read_catalogue().controls)
    assert check.function.__doc__
    assert check.function.__doc__.partition("\n")[0].endswith((".", ")"))


def test_every_automated_control_has_a_check() -> None:
    marked = {control for check in CHECKS for control in check.controls}
    assert read_catalogue().automated - marked == set()


def test_no_manual_control_is_claimed_by_a_check() -> None:
    controls = read_catalogue().controls
    claimed = {c for check in CHECKS for c in check.controls if controls[c].kind == "manual"}
    assert claimed == set()


def test_enough_is_looked_at() -> None:
    assert len(BASE) >= 40
    assert len(CLOUD_CHECKS) >= 12
    assert HostFacts.__doc__


def test_clauses_of_the_standard_are_complete() -> None:
    """MLPS level 3: the technical clauses of the general part, and the cloud extension."""
    found = {group.clause for group in read_catalogue().groups}
    general = {f"8.1.2.{n}" for n in range(1, 4)} | {f"8.1.3.{n}" for n in range(1, 7)}
    general |= {f"8.1.4.{n}" for n in range(1, 12)} | {f"8.1.5.{n}" for n in range(1, 5)}
    assert general <= found
    assert {f"8.2.3.{n}" for n in range(1, 4)} | {f"8.2.4.{n}" for n in range(1, 8)} <= found


def test_units_are_unique() -> None:
    units = [control.unit for control in read_catalogue().controls.values()]
    assert len(units) == len(set(units))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "manual"}, "needs `by_hand`"),
        ({"id": "8.1.4.2-a"}, "not of clause"),
        ({"note": "more"}, "Extra inputs"),
        ({"unit": "CES1-01"}, "unit"),
    ],
)
def test_a_damaged_catalogue_is_refused(tmp_path: Path, change: dict[str, str], message: str) -> None:
    control = {
        "id": "8.1.4.1-a",
        "unit": "L3-CES1-01",
        "kind": "automated",
        "requirement": "Users are known.",
    }
    title = {"en": "Title", "zh": "标题"}
    group = {"clause": "8.1.4.1", "title": title, "controls": [control | change]}
    chapter = {"clause": "8.1.4", "title": title, "groups": [group]}
    (tmp_path / "chapter.yaml").write_text(yaml.safe_dump(chapter))
    with pytest.raises(RequestError, match=message):
        read_catalogue(tmp_path)


def test_an_empty_catalogue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="empty"):
        read_catalogue(tmp_path)
