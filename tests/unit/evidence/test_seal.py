"""One changed byte is noticed, by our command and by plain tools."""

from __future__ import annotations

import html
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.evidence import page, seal
from scripts.evidence.results import Outcome
from stacks.errors import RequestError
from stacks.settings import REPOSITORY
from tests.unit.evidence.audited import evidence, result, subject


@pytest.fixture
def key(home: Path) -> str:
    return seal.fingerprint(home / "keys" / "evidence.pub")


def problems(run: Path, key: str) -> tuple[str, ...]:
    return seal.verify(run, key).problems


def plain(run: Path) -> bool:
    """Whether what a run's page tells people without this project to do finds nothing."""
    command = ["bash", "-e", "-c", LINES]
    return subprocess.run(command, cwd=run, capture_output=True, check=False, timeout=60).returncode == 0


def told(shown: str) -> str:
    """The commands of a run's page, in the part about the seal."""
    (found,) = re.findall(r"(?s)<pre><code>(.*?)</code></pre>", shown.partition('<h2 id="seal">')[2])
    return html.unescape(found)


LINES = told(page.run_page(subject(evidence(result(Outcome.PASSED)))))


def test_the_page_for_auditors_tells_the_same_commands() -> None:
    guide = (REPOSITORY / "docs" / "auditor.md").read_text(encoding="utf-8")
    assert f"<!-- offline -->\n```sh\n{LINES}\n```" in guide


def test_what_was_sealed_is_good(run: Path, key: str) -> None:
    verdict = seal.verify(run, key)
    assert verdict.problems == ()
    assert verdict.fingerprint == key
    assert verdict.files > 20
    assert plain(run)


def test_the_key_is_readable_by_its_owner_alone(home: Path) -> None:
    assert (home / "keys" / "evidence").stat().st_mode & 0o077 == 0


def _changed(run: Path) -> str:
    path = run / "raw" / "cloud.json"
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))
    return "raw/cloud.json was changed"


def _added(run: Path) -> str:
    (run / "raw" / "more.json").write_text("{}")
    return "raw/more.json was added"


def _hidden(run: Path) -> str:
    (run / ".hidden").touch()
    return ".hidden was added"


def _added_under_the_list_s_name(run: Path) -> str:
    (run / "raw" / "MANIFEST.sha256").touch()
    return "raw/MANIFEST.sha256 was added"


def _removed(run: Path) -> str:
    (run / "run.json").unlink()
    return "run.json is missing"


def _linked(run: Path) -> str:
    shutil.copy(run / "run.json", run.parent / "elsewhere.json")
    (run / "run.json").unlink()
    (run / "run.json").symlink_to(run.parent / "elsewhere.json")
    return "run.json is no plain file"


def _relisted(run: Path) -> str:
    (run / "run.json").write_text("{}")
    (run / seal.MANIFEST).write_text(seal.manifest(run))
    return "the signature of MANIFEST.sha256 is not good"


def _signed_by_another(run: Path) -> str:
    (run / "run.json").write_text("{}")
    (run / seal.SIGNATURE).unlink()
    seal.ensure_key(run.parent / "other")
    seal.seal(run, run.parent / "other")
    return "not by the expected"


def _signature_of_something_else(run: Path) -> str:
    (run / seal.SIGNATURE).write_text("no signature")
    return "the signature of MANIFEST.sha256 is not good"


FORGERIES: list[Callable[[Path], str]] = [
    _changed, _added, _hidden, _added_under_the_list_s_name, _removed, _linked, _relisted, _signed_by_another,
    _signature_of_something_else,
]  # fmt: skip


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_forgery_is_noticed_and_named(run: Path, key: str, forge: Callable[[Path], str]) -> None:
    expected = forge(run)
    assert any(expected in problem for problem in problems(run, key))


@pytest.mark.parametrize(
    "forge",
    [
        _changed,
        _added,
        _hidden,
        _added_under_the_list_s_name,
        _removed,
        _relisted,
        _signature_of_something_else,
    ],
)
def test_plain_tools_notice_it_too(run: Path, forge: Callable[[Path], str]) -> None:
    forge(run)
    assert not plain(run)


def test_every_file_is_guarded(run: Path, key: str) -> None:
    """One bit of one byte of each file in turn, the seal's own files included."""
    chance = random.Random(1)  # noqa: S311 - which byte is flipped is no secret
    for path in sorted(item for item in run.rglob("*") if item.is_file()):
        before = path.read_bytes()
        place = chance.randrange(len(before))
        path.write_bytes(before[:place] + bytes([before[place] ^ 1]) + before[place + 1 :])
        assert problems(run, key), path.name
        path.write_bytes(before)
    assert problems(run, key) == ()


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_byte_of_list_and_signature_is_free(run: Path, key: str, data: st.DataObject) -> None:
    path = run / data.draw(st.sampled_from([seal.MANIFEST, seal.SIGNATURE]))
    before = path.read_bytes()
    place = data.draw(st.integers(0, len(before) - 1))
    path.write_bytes(
        before[:place] + bytes([before[place] ^ data.draw(st.integers(1, 255))]) + before[place + 1 :]
    )
    try:
        assert problems(run, key)
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("place", [-1, 100])
def test_a_signature_that_says_the_same_in_other_bytes_was_changed(run: Path, key: str, place: int) -> None:
    """`ssh-keygen` overlooks which blank ends a line."""
    path = run / seal.SIGNATURE
    before = path.read_bytes()
    assert before[place : place + 1 or None] == b"\n"
    path.write_bytes(before[:place] + b"\r" + before[place:])
    try:
        assert problems(run, key)
    finally:
        path.write_bytes(before)


def test_a_folder_without_seal_is_no_evidence(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="no sealed evidence"):
        seal.verify(tmp_path, "SHA256:x")
