"""The pages in a real browser: no error; pictures are kept for people in `build/screenshots`."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from stacks.settings import REPOSITORY
from tests.unit.evidence.audited import TENANT

SCREENSHOTS = REPOSITORY / "build" / "screenshots"
PAGES = {
    "all-runs": "../../index.html",
    "run": "index.html",
    "run-zh": "index.zh.html",
    "tenant": f"{TENANT}/index.html",
    "tenant-zh": f"{TENANT}/index.zh.html",
    "manual-zh": "manual.zh.html",
}
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr")

pytestmark = pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed")


def browse(page: Path, profile: Path, *arguments: str) -> str:
    """Open a page; returns what its console says.

    Every name but none resolves, so that a page that asks for anything from elsewhere says so.
    """
    done = subprocess.run(
        [
            "chromium",
            *QUIET,
            f"--user-data-dir={profile}",
            "--host-resolver-rules=MAP * ~NOTFOUND",
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


def test_a_page_prints_on_a4(sealed: Path, tmp_path: Path) -> None:
    printed = tmp_path / "page.pdf"
    browse(sealed / TENANT / "index.zh.html", tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed.read_bytes())
    assert sizes
    assert {(round(float(width)), round(float(height))) for width, height in sizes} <= {
        (595, 842),
        (596, 842),
    }
