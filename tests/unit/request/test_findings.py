"""Every rule and every kind of violation, each with the exact lines that a person reads."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from stacks.request import rules
from stacks.request.landing_zone import check
from tests.unit.request.cases import BASE, FIXTURES, Case, findings, read

RULES = sorted(Path(rules.__path__[0]).glob("[a-z]*.py"))
RULE_CASES = [(path.stem, case) for path in RULES for case in read(f"rules/{path.stem}.yaml")]


def test_the_base_is_in_order() -> None:
    zone, found = check(BASE)
    assert zone is not None
    assert found == []


@pytest.mark.parametrize(("rule", "case"), RULE_CASES, ids=lambda item: str(getattr(item, "case", item)))
def test_rule(rule: str, case: Case, tmp_path: Path) -> None:
    assert findings(case.apply(tmp_path)) == case.expect, rule


@pytest.mark.parametrize("case", read("models.yaml"), ids=lambda case: str(case.case))
def test_model(case: Case, tmp_path: Path) -> None:
    assert findings(case.apply(tmp_path)) == case.expect


@pytest.mark.parametrize("rule", [path.stem for path in RULES])
def test_every_rule_finds_something_by_itself(rule: str, tmp_path: Path) -> None:
    module = importlib.import_module(f"{rules.__name__}.{rule}")
    found = []
    for number, case in enumerate(read(f"rules/{rule}.yaml")):
        zone, _ = check(case.apply(tmp_path / str(number)))
        found += list(module.check(zone)) if zone else []
    assert found


def test_every_fixture_belongs_to_a_rule() -> None:
    assert {path.stem for path in (FIXTURES / "rules").glob("*.yaml")} == {path.stem for path in RULES}
