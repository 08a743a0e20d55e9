"""Secrets are generated per deployment, encrypted in the state, and nowhere else."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from scripts.access.auditor import AuditorFolder
from scripts.access.deployment import Deployment
from stacks.settings import REPOSITORY
from tests.lab import deployer
from tests.lab.conftest import HOME


@pytest.fixture(scope="module")
def secrets(deployment: Deployment) -> dict[str, str]:
    """Every secret of the deployment in plain text, by what it is."""
    settings = deployment.settings
    found = {
        "passphrase": settings.passphrase_file.read_text(),
        "operator key": settings.operator_key.read_text().splitlines()[2],
        "auditor key": AuditorFolder(settings.auditor).key.read_text().splitlines()[2],
        "auditor password": settings.auditor_password(),
    }
    for tenant in deployment.outputs.tenants:
        found[f"password of {tenant}"] = deployer.password(settings, tenant)
    assert len(found) == 4 + len(deployment.outputs.tenants)
    return found


def holding(root: Path, secret: str) -> list[Path]:
    """Files below a folder that hold the text."""
    ran = subprocess.run(
        ["grep", "-rlF", "--exclude-dir=.venv", "-e", secret, str(root)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [Path(line) for line in ran.stdout.splitlines()]


def test_secrets_are_only_in_their_own_files(deployment: Deployment, secrets: dict[str, str]) -> None:
    settings = deployment.settings
    auditor = AuditorFolder(settings.auditor)
    own = {
        "passphrase": {settings.passphrase_file},
        "operator key": {settings.operator_key},
        "auditor key": {auditor.key},
        "auditor password": {auditor.path / "password", auditor.clouds},
    }
    for what, secret in secrets.items():
        assert set(holding(HOME, secret)) == own.get(what, set()), what
        assert holding(REPOSITORY / ".git", secret) == []


def test_key_files_are_private(deployment: Deployment) -> None:
    public = {".pub", ".pem", ".crt"}
    for keys in (deployment.settings.home / "keys", deployment.settings.auditor):
        assert stat.S_IMODE(keys.stat().st_mode) == 0o700
        files = [path for path in keys.iterdir() if path.is_file() and path.suffix not in public]
        private = [path for path in files if path.name != "known_hosts"]
        assert private
        assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


def test_secrets_are_not_in_process_lists(secrets: dict[str, str]) -> None:
    lines = b"".join(path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline"))
    for what, secret in secrets.items():
        assert secret.encode() not in lines, what
