"""Every code stands alone: its words, its page, its cases; and every case brings exactly what it says."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel, field_validator

from scripts.checking.snippet import rendered
from stacks.language import CATALOGUE, CURRENT, Language, entries
from stacks.request import rules
from stacks.request.document import Document
from stacks.request.landing_zone import check
from stacks.request.loader import parse
from stacks.settings import REPOSITORY
from tests.unit.request.cases import BASE, FIXTURES, Case, read

GOLDEN = Path(__file__).parent / "golden"
PAGES = REPOSITORY / "docs" / "rules"
CODES = sorted(path.stem for path in CATALOGUE.glob("GC*.yaml"))
CASES = [(path.stem, case) for path in sorted(FIXTURES.glob("*.yaml")) for case in read(path.name)]
CATCH_ALL = "GC060"
"""No field of today brings it: it is for validators that have no code of their own yet."""
DAY = date(2026, 11, 22)
"""On which the pages' examples are checked."""

EXAMPLES = [
    (path.stem, kind, example)
    for path in sorted(PAGES.glob("GC*.md"))
    for kind, example in re.findall(
        r"^## (Wrong|Right)\n\n```yaml\n(.*?)^```", path.read_text(encoding="utf-8"), re.M | re.S
    )
]


def test_the_base_is_in_order() -> None:
    zone, found = check(BASE)
    assert zone is not None
    assert found == []


@pytest.mark.parametrize(("code", "case"), CASES, ids=[f"{code}-{case.case}" for code, case in CASES])
def test_case(code: str, case: Case, tmp_path: Path) -> None:
    found = check(case.apply(tmp_path), case.day)[1]
    assert sorted({item.code for item in found}) == list(case.finds), code


def _golden(code: str, folder: Path) -> str:
    """What every case of a code prints, in both languages."""
    text = ""
    for number, case in enumerate(read(f"{code}.yaml")):
        zone = case.apply(folder / str(number))
        text += f"== {case.case}\n"
        for language in Language:
            token = CURRENT.set(language)
            text += "".join(str(rendered(item)) + "\n" for item in check(zone, case.day)[1]).replace(
                f"{zone}/", ""
            )
            CURRENT.reset(token)
    return text


@pytest.mark.parametrize("code", sorted({code for code, _ in CASES}))
def test_what_a_person_reads(code: str, tmp_path: Path, regenerate: bool) -> None:
    path, text = GOLDEN / f"{code}.txt", _golden(code, tmp_path)
    if regenerate:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        pytest.fail(
            f"{path} differs: run `make golden`, look at the difference, commit it.\n{text}", pytrace=False
        )


@pytest.mark.parametrize("code", CODES)
def test_every_code_stands_alone(code: str) -> None:
    assert (PAGES / f"{code}.md").exists(), f"{code} has no page docs/rules/{code}.md"
    assert {"title", "what"} <= set(entries(code)), f"{code} lacks words in {CATALOGUE}"
    if code == CATCH_ALL:
        return
    cases = read(f"{code}.yaml")
    assert [case for case in cases if code in case.finds], f"{code} has no case that brings it"
    assert [case for case in cases if code not in case.finds], f"{code} has no case that passes"


def test_a_rule_is_one_file_with_one_code() -> None:
    assert Counter(rule.code for rule in rules.ALL).most_common(1)[0][1] == 1
    for rule in rules.ALL:
        assert rule.name.startswith(f"gc{rule.code[2:]}_"), rule
        assert rule.code in CODES, f"{rule} has no words in {CATALOGUE}"


def test_nothing_is_said_of_a_code_that_does_not_exist() -> None:
    assert {path.stem for path in FIXTURES.glob("*.yaml")} == set(CODES) - {CATCH_ALL}
    assert {path.stem for path in GOLDEN.glob("*")} == set(CODES) - {CATCH_ALL}


@pytest.mark.parametrize("path", sorted(PAGES.glob("GC*.md")), ids=lambda path: str(path.stem))
def test_a_page_is_of_its_code_for_ever(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if "\nRetired" in text:
        assert path.stem not in CODES, f"{path.stem} was given to another rule once; take a new code"
        return
    title, severity = entries(path.stem)["title"], entries(path.stem).get("severity", "error")
    assert text.startswith(f"# {path.stem}: {title['en']}\n\n{title['zh']} · {severity}\n"), text[:200]
    assert re.findall(r"^## (.*)", text, re.M) == ["Why", "Wrong", "Right"]


@pytest.mark.parametrize(("code", "kind", "example"), EXAMPLES, ids=[f"{c}-{k}" for c, k, _ in EXAMPLES])
def test_examples_of_the_pages(code: str, kind: str, example: str, tmp_path: Path) -> None:
    zone = Path(shutil.copytree(BASE, tmp_path / "tenants"))
    unnamed, *named = re.split(r"^# (\S+\.yaml)\n", example, flags=re.M)
    files = {"county.yaml": unnamed, **dict(zip(named[::2], named[1::2], strict=True))}
    for name, part in files.items():
        path = zone / name
        path.write_text(_replaced(path.read_text(encoding="utf-8"), part), encoding="utf-8")
    codes = {item.code for item in check(zone, DAY)[1]}
    assert code in codes if kind == "Wrong" else codes == set()


def _replaced(text: str, example: str) -> str:
    """The text with the example's fields in place of its own of the same names."""
    fields = set(re.findall(r"^\w+(?=:)", example, re.M))
    parts = re.split(r"^(?=\w+:)", text, flags=re.M)
    return "".join(part for part in parts if part.partition(":")[0] not in fields) + example


def test_a_violation_without_a_code_is_still_a_finding(tmp_path: Path) -> None:
    class Even(BaseModel):
        number: int

        @field_validator("number")
        @classmethod
        def even(cls, value: int) -> int:
            if value % 2:
                raise ValueError("expected an even number")
            return value

    _, found = parse(Document(tmp_path / "t.yaml", {"number": 3}, {}, {}), Even)
    assert [str(item) for item in found] == [
        f"{tmp_path}/t.yaml:1:1: GC060 number: 3: expected an even number"
    ]
