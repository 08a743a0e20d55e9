"""Files that are no requests at all: each gets a line, none a traceback."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from stacks.errors import RequestError
from stacks.request.landing_zone import check, load
from stacks.request.loader import MAX_DEPTH, MAX_FINDINGS, read_document
from stacks.request.text import MAX_BYTES
from tests.unit.request.cases import BASE, Case, findings, read

CITY = (BASE / "city.yaml").read_bytes()


def _said(path: Path) -> list[str]:
    return [str(item).replace(f"{path.parent}/", "") for item in read_document(path)[1]]


@pytest.mark.parametrize("case", read("syntax.yaml"), ids=lambda case: str(case.case))
def test_syntax(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(case.text, encoding="utf-8")
    assert _said(path) == case.expect


@pytest.mark.parametrize(
    ("content", "expect"),
    [
        (codecs.BOM_UTF8 + CITY, []),
        (CITY.replace(b"\n", b"\r\n"), []),
        (CITY.decode().encode("utf-16"), ["t.yaml:1:1: is UTF-16; save the file as UTF-8"]),
        (
            CITY.decode().encode("gb18030"),
            ["t.yaml:2:29: byte 0xb3 is not UTF-8; save the file as UTF-8 (not GBK or GB18030)"],
        ),
        (
            "id: a\nname: 城\x00\n".encode() + b"\xff",
            ["t.yaml:3:1: byte 0xff is not UTF-8; save the file as UTF-8 (not GBK or GB18030)"],
        ),
        (
            b"a: b\n" * 2_000_000,
            [f"t.yaml:1:1: is larger than {MAX_BYTES} bytes; a request is a page of text"],
        ),
        (b"a: " + b"[" * 400_000, [f"t.yaml:1:{MAX_DEPTH + 4}: is nested deeper than {MAX_DEPTH} levels"]),
        (b"{a: " * 400_00, [f"t.yaml:1:{4 * MAX_DEPTH + 5}: is nested deeper than {MAX_DEPTH} levels"]),
    ],
    ids=["utf-8-bom", "crlf", "utf-16", "gb18030", "not-utf-8", "10-mb", "deep-lists", "deep-keys"],
)
def test_bytes(content: bytes, expect: list[str], tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(content)
    assert _said(path) == expect


def test_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    for name in ("folder", "gone", "loop", "pipe"):
        assert _said(tmp_path / f"{name}.yaml") == [f"{name}.yaml:1:1: is not a file that can be read"]


def test_many_findings_are_cut(tmp_path: Path) -> None:
    zone = Case("", []).apply(tmp_path)
    (zone / "city.yaml").write_bytes(CITY + b"".join(b"x%d: 1\n" % number for number in range(20_000)))
    assert len(findings(zone)) == MAX_FINDINGS


def test_wrong_ending_is_said(tmp_path: Path) -> None:
    zone = Case("", []).apply(tmp_path)
    (zone / "town.yml").write_bytes(CITY)
    assert findings(zone) == ["town.yml:1:1: is not read; rename it to town.yaml"]


def test_no_platform_file(tmp_path: Path) -> None:
    assert findings(tmp_path / "nowhere") == ["platform.yaml:1:1: the platform file is missing"]


def test_findings_of_other_files_do_not_hide(tmp_path: Path) -> None:
    zone = Case("", []).apply(tmp_path)
    (zone / "platform.yaml").write_text("{", encoding="utf-8")
    (zone / "city.yaml").write_text("", encoding="utf-8")
    assert [line.split(":")[0] for line in findings(zone)] == ["city.yaml", "platform.yaml"]


def test_load_raises_every_finding(tmp_path: Path) -> None:
    zone = Case("", []).apply(tmp_path)
    (zone / "city.yaml").write_text("", encoding="utf-8")
    (zone / "county.yaml").write_text("- x\n", encoding="utf-8")
    with pytest.raises(RequestError) as caught:
        load(zone)
    assert caught.value.what.splitlines() == [str(item) for item in check(zone)[1]]
    assert len(caught.value.what.splitlines()) == 2
