"""The pages in a real browser: no error, by keyboard, on paper; pictures are in `build/screenshots`."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from scripts.evidence import page as pages
from scripts.evidence.results import Outcome
from stacks.settings import REPOSITORY
from tests.unit.evidence import chromium
from tests.unit.evidence.audited import TENANT, evidence, result, subject

SCREENSHOTS = REPOSITORY / "build" / "screenshots"
PAGES = {
    "all-runs": "../../index.html",
    "run": "index.html",
    "run-zh": "index.zh.html",
    "tenant": f"{TENANT}/index.html",
    "tenant-zh": f"{TENANT}/index.zh.html",
    "manual": "manual.html",
    "manual-zh": "manual.zh.html",
}
A4 = (595, 842)
"""In points, a 72nd of an inch."""


@pytest.fixture(autouse=True)
def browser() -> None:
    chromium.required()


def browse(page: Path, profile: Path, *arguments: str) -> str:
    """Open a page; returns what its console says."""
    done = subprocess.run(
        [
            chromium.PROGRAM,
            *chromium.QUIET,
            "--enable-logging=stderr",
            f"--user-data-dir={profile}",
            chromium.ALONE,
            *arguments,
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return "\n".join(line for line in done.stderr.splitlines() if ":CONSOLE" in line)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_an_error(sealed: Path, tmp_path: Path, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    picture = SCREENSHOTS / f"{name}.png"
    picture.unlink(missing_ok=True)
    assert (
        browse(
            (sealed / PAGES[name]).resolve(), tmp_path, "--window-size=1250,2400", f"--screenshot={picture}"
        )
        == ""
    )
    assert picture.stat().st_size > 20_000


def test_an_error_of_a_page_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "broken.html"
    page.write_text("<!doctype html><script>nonsense()</script>")
    assert "nonsense" in browse(page, tmp_path / "profile", f"--screenshot={tmp_path / 'broken.png'}")


def boxes(printed: Path) -> list[tuple[str, float, float, float, float]]:
    """Every word of a print with its left, top, right and bottom edge, in points."""
    found = subprocess.run(
        ["pdftotext", "-bbox", printed, "-"], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    root = ET.fromstring(re.sub(r"<!DOCTYPE.*?>|[\x00-\x08\x0c]", "", found, flags=re.S))  # noqa: S314 - ours
    edges = ("xMin", "yMin", "xMax", "yMax")
    return [
        (word.text or "", *(float(word.get(edge, "nan")) for edge in edges))  # type: ignore[misc]
        for word in root.iter()
        if word.tag.endswith("word")
    ]


def text(printed: Path) -> str:
    """The words of a print, blanks left out: lines break where the paper ends."""
    return "".join(word for word, *_ in boxes(printed))


def sizes(printed: Path) -> set[tuple[int, int]]:
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed.read_bytes())
    return {(int(float(width)), int(float(height))) for width, height in found}


@pytest.mark.parametrize("name", ["run-zh", "tenant", "tenant-zh", "manual", "all-runs"])
def test_a_page_prints_on_a4(sealed: Path, tmp_path: Path, name: str) -> None:
    with chromium.opened(sealed / PAGES[name], tmp_path) as shown:
        printed = shown.printed(tmp_path / "page.pdf")
    assert sizes(printed) in ({A4}, {(594, 841)}, {(595, 841)}, {(594, 842)})
    words = boxes(printed)
    assert len(words) > 100
    assert [word for word in words if word[1] < 0 or word[3] > A4[0] + 1] == []


def on_paper(page: Path, folder: Path) -> float:
    """Which part of what a click opens is on paper; a line that a new sheet parts is not found."""
    with chromium.opened(page, folder) as shown:
        results = shown.value("Array.from(document.querySelectorAll('details li'), item => item.textContent)")
        printed = text(shown.printed(folder / "page.pdf"))
    assert len(results) > 100
    return sum("".join(item.split()) in printed for item in results) / len(results)


def test_what_a_click_opens_is_open_on_paper(sealed: Path, tmp_path: Path) -> None:
    page = sealed / TENANT / "index.html"
    assert on_paper(page, tmp_path / "ours") > 0.9
    closed = tmp_path / "closed.html"
    closed.write_text(page.read_text(encoding="utf-8").replace("details::details-content", "nothing"))
    assert on_paper(closed, tmp_path / "closed") < 0.1, "or else this test sees nothing"


def test_many_hosts_and_many_tenants_stay_on_the_paper(tmp_path: Path) -> None:
    names = [f"host-of-a-department-{number}" for number in range(40)]
    (host,) = evidence().hosts
    many = replace(
        evidence(*(result(Outcome.PASSED, name) for name in names)),
        hosts=tuple(replace(host, name=name) for name in names),
    )
    tenants = tuple(replace(many, tenant=f"department-{number}") for number in range(40))
    heights = set()
    for kind, shown, expected in (
        ("one", pages.tenant_page(evidence(result(Outcome.PASSED)), subject(many)), ["web-1"]),
        ("hosts", pages.tenant_page(many, subject(many)), names),
        ("tenants", pages.run_page(subject(*tenants)), [item.tenant for item in tenants]),
    ):
        file = tmp_path / f"{kind}.html"
        file.write_text(shown, encoding="utf-8")
        with chromium.opened(file, tmp_path / kind) as browser:
            printed = browser.printed(tmp_path / f"{kind}.pdf")
        words = boxes(printed)
        assert [word for word in words if word[1] < 0 or word[3] > A4[0] + 1] == []
        # Names of columns stand upright: they are higher than wide.
        upright = {word for word, left, top, right, bottom in words if bottom - top > 2 * (right - left)}
        assert set(expected) <= upright
        _, _, top, _, bottom = words[0]
        heights.add(round(bottom - top, 1))
    assert len(heights) == 1, "Chromium makes everything smaller where a table is too wide"


FOCUSED = """(() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  return {
    place: Array.from(document.querySelectorAll('a[href], summary, [tabindex="0"]')).indexOf(at),
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
  };
})()"""


@pytest.mark.parametrize("name", ["all-runs", "run", "tenant-zh", "manual"])
def test_the_tab_key_leads_to_everything_in_order_and_shows_where(
    sealed: Path, tmp_path: Path, name: str
) -> None:
    with chromium.opened(sealed / PAGES[name], tmp_path) as shown:
        count = shown.value("document.querySelectorAll('a[href], summary, [tabindex=\"0\"]').length")
        assert count > 5
        for place in range(count):
            shown.press("Tab", 9)
            assert shown.value(FOCUSED) == {"place": place, "seen": True, "marked": True}, place


def test_keys_skip_to_the_content_and_open_the_results_of_a_control(sealed: Path, tmp_path: Path) -> None:
    with chromium.opened(sealed / TENANT / "index.html", tmp_path) as shown:
        shown.press("Tab", 9)
        shown.press("Enter", 13, "\r")
        assert shown.value("document.activeElement.id") == "content"
        while shown.value("document.activeElement.tagName") != "SUMMARY":
            shown.press("Tab", 9)
        assert shown.value("document.activeElement.parentElement.open") is False
        shown.press("Enter", 13, "\r")
        assert shown.value("document.activeElement.parentElement.open") is True
