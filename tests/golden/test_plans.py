"""The plan of the example tenants, word for word: a change of any decision shows up in a review."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from stacks.plan.landing_zone import plan_landing_zone
from stacks.plan.naming import PLATFORM_STACK
from stacks.plan.render import text
from stacks.request.landing_zone import load
from stacks.request.ledger import read_ledger
from stacks.settings import REPOSITORY

PLANS = Path(__file__).parent / "plans"
TENANTS = REPOSITORY / "tenants"
EXAMPLES = ("luoyang-tourism", "taihe-office", "xiangyang-portal")


def _rendered() -> dict[str, str]:
    """The examples as if they were alone, so that a department's request changes no golden file."""
    zone = load(TENANTS)
    examples = tuple(request for request in zone.requests if request.id in EXAMPLES)
    plan = plan_landing_zone(zone.platform.value, examples, read_ledger(TENANTS))
    return {PLATFORM_STACK: text(plan.platform), **{tenant.id: text(tenant) for tenant in plan.tenants}}


def _golden() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in PLANS.glob("*.yaml")}


def test_plans_equal_the_golden_files(*, regenerate: bool) -> None:
    plans = _rendered()
    if regenerate:
        _write(plans)
    golden = _golden()
    changes = [_diff(name, golden.get(name, ""), plans.get(name, "")) for name in sorted({*plans, *golden})]
    if any(changes):
        pytest.fail(
            "".join(changes) + "\nIf these changes are meant: `make golden`, look at the difference, commit.",
            pytrace=False,
        )


def _write(plans: dict[str, str]) -> None:
    PLANS.mkdir(exist_ok=True)
    for path in PLANS.glob("*.yaml"):
        if path.stem not in plans:
            path.unlink()
    for name, content in plans.items():
        (PLANS / f"{name}.yaml").write_text(content, encoding="utf-8")


def _diff(name: str, golden: str, now: str) -> str:
    lines = difflib.unified_diff(
        golden.splitlines(keepends=True), now.splitlines(keepends=True), f"golden/{name}", f"now/{name}"
    )
    return "".join(lines)
