"""Files that are no requests at all: each gets a line, none a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from stacks.errors import RequestError
from stacks.request.diagnostics import MAX_FINDINGS
from stacks.request.landing_zone import check, errors, load
from tests.unit.request.cases import BASE, Case, findings

CITY = (BASE / "city.yaml").read_bytes()


def test_many_findings_are_cut(tmp_path: Path) -> None:
    zone = Case("").apply(tmp_path)
    (zone / "city.yaml").write_bytes(CITY + b"".join(b"x%d: 1\n" % number for number in range(20_000)))
    (zone / "county.yaml").write_bytes(b"\x00" * 900_000)
    assert len(findings(zone)) == 2 * MAX_FINDINGS


def test_findings_of_other_files_do_not_hide(tmp_path: Path) -> None:
    zone = Case("").apply(tmp_path)
    (zone / "platform.yaml").write_text("{", encoding="utf-8")
    (zone / "city.yaml").write_text("", encoding="utf-8")
    assert [line.split(":")[0] for line in findings(zone)] == ["city.yaml", "platform.yaml"]


def test_load_raises_every_error(tmp_path: Path) -> None:
    zone = Case("").apply(tmp_path)
    (zone / "city.yaml").write_text("", encoding="utf-8")
    (zone / "county.yaml").write_text("- x\n", encoding="utf-8")
    with pytest.raises(RequestError) as caught:
        load(zone)
    assert caught.value.what.splitlines() == [str(item) for item in check(zone)[1]]
    assert len(caught.value.what.splitlines()) == 2


def test_a_warning_stops_nothing(tmp_path: Path) -> None:
    zone = Case("", edit={"county.yaml": [("parent: city", "parent: city\ncost_centre: 0207")]}).apply(
        tmp_path
    )
    found = check(zone)[1]
    assert found
    assert not errors(found)
    assert load(zone).requests[1].cost_centre == "0207"
