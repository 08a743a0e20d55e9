"""What a request protects is not removed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from scripts.main import build_app
from stacks.errors import PlanError
from stacks.plan.lifecycle import require_removable
from tests.unit.plan.zones import request
from tests.unit.request.cases import Case

HOLD = {"reason": "inquiry 2026-17", "by": "Zhao Lei", "since": "2026-11-02"}
SEGMENTS = [{"name": "s", "zone": "external"}]


@pytest.mark.parametrize(
    ("lifecycle", "said"),
    [
        ({"deletion": "prevent"}, "the request of tenant alpha prevents its removal"),
        ({"legal_hold": HOLD}, "alpha is under legal hold since 2026-11-02: inquiry 2026-17"),
    ],
)
def test_protected(lifecycle: dict[str, Any], said: str) -> None:
    with pytest.raises(PlanError, match=said):
        require_removable(request("alpha", segments=SEGMENTS, lifecycle=lifecycle))


def test_without_protection_it_may_go() -> None:
    require_removable(request("alpha", segments=SEGMENTS))


def test_destroy_asks_the_request_before_it_touches_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = {
        "city.yaml": [("classification: public", "classification: public\nlifecycle: {deletion: prevent}")]
    }
    monkeypatch.setenv("GOVCLOUD_TENANTS", str(Case("", edit=edit).apply(tmp_path)))
    runner, app = CliRunner(), build_app()
    assert runner.invoke(app, ["allocate"]).exit_code == 0
    refused = runner.invoke(app, ["destroy", "city", "--yes"])
    assert isinstance(refused.exception, PlanError)
