"""One sealed run, made once; tests that change something take a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts.evidence import dossier
from tests.unit.evidence.audited import FAILING, decisions, estate_of, later, recorder_of


@pytest.fixture(scope="session")
def audited_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment's home with two runs: everything passed, and one with failures and a waiver."""
    home = tmp_path_factory.mktemp("audited")
    estate = estate_of(home)
    waivers = decisions(home / "waivers")
    dossier.write(estate, recorder_of())
    dossier.write(estate, recorder_of(failing=FAILING, waivers=waivers, started=later(1)))
    return home


@pytest.fixture(scope="session")
def sealed(audited_home: Path) -> Path:
    """The folder of the newer run, for tests that only read."""
    return (audited_home / "evidence" / "latest").resolve()


@pytest.fixture
def home(audited_home: Path, tmp_path: Path) -> Path:
    """A copy of it, for tests that change something."""
    return Path(shutil.copytree(audited_home, tmp_path / "home", symlinks=True))


@pytest.fixture
def run(home: Path) -> Path:
    """The folder of the newer run, for tests that change it."""
    return (home / "evidence" / "latest").resolve()
