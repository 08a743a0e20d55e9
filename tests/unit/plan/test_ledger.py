"""The ledger's file: what is written is read again, and what is damaged is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from stacks.errors import RequestError
from stacks.plan.allocation import allocate
from stacks.request.ledger import FILE_NAME, HEADER, Ledger, read_ledger, write_ledger
from tests.unit.plan.zones import TODAY, Shape, platform, request, shapes

ENTRY = "tenants:\n  alpha:\n    number: 0\n    segments: {s: 10.64.0.0/28}\n"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shapes())
def test_what_is_written_is_read_again(tmp_path: Path, drawn: list[Shape]) -> None:
    ledger = allocate(
        platform(), [request(shape.tenant, **shape.fields()) for shape in drawn], Ledger(), TODAY
    )
    write_ledger(tmp_path, ledger)
    assert read_ledger(tmp_path) == ledger
    assert (tmp_path / FILE_NAME).read_text(encoding="utf-8").startswith(HEADER)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_new_landing_zone_has_no_ledger(tmp_path: Path) -> None:
    assert read_ledger(tmp_path) == Ledger()


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (f"<<<<<<< HEAD\n{ENTRY}=======\n", "addresses.yaml:1:1: GC039"),
        (
            ENTRY + "  alpha:\n    number: 1\n",
            "addresses.yaml:5:3: GC026 tenants.alpha: is written twice; first at line 2",
        ),
        (
            ENTRY.replace("0.0/28", "0.1/28"),
            "addresses.yaml:4:19: GC055 tenants.alpha.segments.s: '10.64.0.1/28'",
        ),
        (
            ENTRY.replace("    number: 0\n", ""),
            "addresses.yaml:2:3: GC040 tenants.alpha.number: required key is missing",
        ),
        ("", "addresses.yaml:1:1: GC033 the file is empty"),
    ],
    ids=["merge conflict", "twice", "no network", "no number", "empty"],
)
def test_a_damaged_ledger_is_refused(content: str, finding: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(content, encoding="utf-8")
    with pytest.raises(RequestError) as caught:
        read_ledger(tmp_path)
    assert finding in caught.value.what
    assert "Restore" in caught.value.hint
