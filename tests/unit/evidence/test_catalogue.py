"""The catalogue and the checks know one another."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from scripts.evidence.catalogue import Control, read_catalogue
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
    claimed = {c for check in CHECKS for c in check.controls if controls[c].kind != "automated"}
    assert claimed == set()


def test_enough_is_looked_at() -> None:
    assert len(BASE) >= 300
    assert len(CLOUD_CHECKS) >= 40
    assert HostFacts.__doc__


ITEMS = {
    "8.1.1": (2, 1, 3, 2, 3, 3, 2, 1, 3, 2),
    "8.1.2": (5, 2, 1),
    "8.1.3": (4, 5, 4, 2, 4, 1),
    "8.1.4": (4, 7, 4, 6, 1, 1, 2, 2, 3, 2, 2),
    "8.1.5": (2, 2, 2, 6),
    "8.1.6": (1, 3, 2, 1),
    "8.1.7": (3, 2, 3, 3, 3),
    "8.1.8": (3, 2, 3, 4),
    "8.1.9": (4, 3, 3, 7, 3, 3, 2, 3, 3, 3),
    "8.1.10": (3, 3, 2, 4, 2, 10, 2, 2, 2, 3, 3, 4, 4, 4),
    "8.2.1": (1,),
    "8.2.2": (5,),
    "8.2.3": (2, 4, 2),
    "8.2.4": (1, 2, 3, 3, 4, 4, 2),
    "8.2.5": (4,),
    "8.2.6": (5, 3),
    "8.2.7": (1,),
}
"""Lettered items of each clause of level 3: 8.1.1.1 has two, 8.1.1.2 has one …"""


def test_every_lettered_item_of_level_3_is_there_and_no_other() -> None:
    wanted = [
        f"{part}.{number}-{letter}"
        for part, counts in ITEMS.items()
        for number, count in enumerate(counts, 1)
        for letter in "abcdefghij"[:count]
    ]
    assert list(read_catalogue().controls) == wanted, "in the order of the standard"


def test_the_public_figures_of_level_3_are_met() -> None:
    controls = read_catalogue().controls
    assert sum(key.startswith("8.1.") for key in controls) == 211
    assert sum(key.startswith("8.2.") for key in controls) == 46


def test_at_least_90_units_have_machine_evidence() -> None:
    controls = read_catalogue().controls
    marked = {control for check in CHECKS for control in check.controls}
    assert len({controls[key].unit for key in marked}) >= 90


def test_units_count_up_within_each_chapter() -> None:
    """GB/T 28448 numbers the units of a chapter; it leaves L3-CES1-16 out."""
    numbers: dict[str, list[int]] = {}
    for control in read_catalogue().controls.values():
        series, _, number = control.unit.rpartition("-")
        numbers.setdefault(series, []).append(int(number))
    for series, found in numbers.items():
        expected = [number for number in range(1, found[-1] + 1) if (series, number) != ("L3-CES1", 16)]
        assert found == expected, series


def test_checks_that_a_control_names_exist_and_mean_it() -> None:
    names = {check.name for check in CHECKS}
    assert read_catalogue().named_checks <= names | {name.partition("[")[0] for name in names}


@pytest.mark.parametrize("control", read_catalogue().controls.values(), ids=lambda control: control.id)
def test_a_control_is_written_in_both_languages(control: Control) -> None:
    for words in filter(None, (control.title, control.requirement, control.by_hand, control.reason)):
        assert words.en.isascii() or words.en.replace("…", "").replace("违规外联", "").isascii()
        assert any("\u4e00" <= char <= "\u9fff" for char in words.zh)
        if words is not control.title:
            assert words.en.endswith((".", "?"))
            assert words.zh.endswith("。")


def test_controls_of_management_say_what_their_checks_leave_open() -> None:
    """A machine sees the effect of a management rule, never the rule: its manual part stays."""
    controls = read_catalogue().controls.values()
    assert [c.id for c in controls if c.checks and c.by_hand is None] == []


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
        ({"kind": "not_applicable"}, "needs `reason`"),
        ({"severity": "grave"}, "severity"),
        ({"requirement": {"en": "Users are known."}}, "zh"),
        ({"by_hand": {"en": "Look.", "zh": "看。", "ask": "nobody"}}, "ask"),
        (
            {"kind": "manual", "by_hand": {"en": "L.", "zh": "看。", "ask": "op"}, "checks": ["a/b"]},
            "has `checks`",
        ),
    ],
)
def test_a_damaged_catalogue_is_refused(tmp_path: Path, change: dict[str, object], message: str) -> None:
    title = {"en": "Title", "zh": "标题"}
    control = {
        "id": "8.1.4.1-a",
        "unit": "L3-CES1-01",
        "kind": "automated",
        "severity": "high",
        "title": title,
        "requirement": {"en": "Users are known.", "zh": "用户可识别。"},
    }
    group = {"clause": "8.1.4.1", "title": title, "controls": [control | change]}
    chapter = {"clause": "8.1.4", "title": title, "groups": [group]}
    (tmp_path / "chapter.yaml").write_text(yaml.safe_dump(chapter))
    with pytest.raises(RequestError, match=message):
        read_catalogue(tmp_path)


def test_an_empty_catalogue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="empty"):
        read_catalogue(tmp_path)
