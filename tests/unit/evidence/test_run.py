"""The suite in the verb's own process, on what a real host once answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.evidence import run
from scripts.evidence.results import Outcome
from stacks.language import CURRENT, Language
from tests.unit.evidence.audited import TENANT, estate_of
from tests.unit.evidence.recording import HOST


def test_one_host_is_audited_in_both_languages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    estate, counted = estate_of(tmp_path), list[int]()
    monkeypatch.setattr(run, "open_estate", lambda *_, **__: estate)
    CURRENT.set(Language.ZH)
    found = run.audit(estate.deployment, [TENANT], [HOST], counted.append)
    assert CURRENT.get() is Language.ZH, "the verb still has to speak"
    assert counted == list(range(1, len(found.results) + 1))
    assert {result.host for result in found.results} == {HOST}
    assert sum(result.outcome is Outcome.PASSED for result in found.results) >= 300
    assert [
        result.title for result in found.results if not result.zh or result.zh.title == result.title
    ] == []
    assert found.written == (), "the evidence of one host alone would not be whole"
