"""Secrets are generated per deployment, encrypted in the state, and nowhere else."""

from __future__ import annotations

import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from scripts.access.auditor import AuditorFolder
from scripts.access.deployment import Deployment
from scripts.lab import config
from scripts.lab.paths import Lab
from scripts.toolchain import plugin
from stacks.settings import REPOSITORY
from tests.lab import deployer, throwaway
from tests.lab.conftest import HOME, Command

NAME = "zz-secretive"


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


@pytest.fixture(scope="module")
def lab_passwords(deployment: Deployment) -> dict[str, str]:
    """The lab's own passwords, by what they are; its services hold them in their own configuration."""
    own = config.credentials(Lab.from_settings(deployment.settings))
    return {f"the lab's password of {user}": password for user, password in own.items()}


def holding(root: Path, secret: str) -> list[Path]:
    """Files below a folder that hold the text."""
    ran = subprocess.run(
        ["grep", "-rlF", "-e", secret, str(root)], capture_output=True, text=True, check=False
    )
    assert ran.returncode in (0, 1), ran.stderr
    return [Path(line) for line in ran.stdout.splitlines()]


def ever_committed() -> bytes:
    """Every object of the repository, unpacked: in `.git` itself they are compressed."""
    command = ["git", "-C", str(REPOSITORY), "cat-file", "--batch", "--batch-all-objects", "--unordered"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def to_be_committed() -> bytes:
    """Every file of the working tree that Git does not ignore."""
    command = ["git", "-C", str(REPOSITORY), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    files = (REPOSITORY / name for name in listed.split("\0") if name)
    return b"\n".join(path.read_bytes() for path in files if path.is_file())


@contextmanager
def command_lines() -> Iterator[set[bytes]]:
    """The command line of every process that is seen on this machine while the block runs."""
    seen: set[bytes] = set()
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.05):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):  # it has ended since
                    seen.add(path.read_bytes())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def test_secrets_are_only_in_their_own_files(
    deployment: Deployment, secrets: dict[str, str], lab_passwords: dict[str, str]
) -> None:
    settings = deployment.settings
    auditor = AuditorFolder(settings.auditor)
    own = {
        "passphrase": {settings.passphrase_file},
        "operator key": {settings.operator_key},
        "auditor key": {auditor.key},
        "auditor password": {auditor.path / "password", auditor.clouds},
        "the lab's password of admin": {HOME / "clouds.yaml"},
    }
    for what, secret in {**secrets, **lab_passwords}.items():
        assert set(holding(HOME, secret)) == own.get(what, set()), what


def test_no_secret_was_or_will_be_committed(secrets: dict[str, str], lab_passwords: dict[str, str]) -> None:
    for content in (ever_committed(), to_be_committed()):
        assert Path(__file__).read_text().splitlines()[0].encode() in content, "the search finds nothing"
        found = [what for what, secret in {**secrets, **lab_passwords}.items() if secret.encode() in content]
        assert found == []


def test_the_labs_logs_hold_no_secret(
    deployment: Deployment, secrets: dict[str, str], lab_passwords: dict[str, str]
) -> None:
    lab = Lab.from_settings(deployment.settings)
    assert holding(lab.log, "neutron"), "the logs are not where they were looked for"
    for what, secret in {**secrets, **lab_passwords}.items():
        assert holding(lab.log, secret) == [], what
        assert holding(lab.collected, secret) == [], what


def test_key_files_are_private(deployment: Deployment) -> None:
    public = {".pub", ".pem", ".crt"}
    for keys in (deployment.settings.home / "keys", deployment.settings.auditor):
        assert stat.S_IMODE(keys.stat().st_mode) == 0o700
        files = [path for path in keys.iterdir() if path.is_file() and path.suffix not in public]
        private = [path for path in files if path.name != "known_hosts"]
        assert private
        assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


def test_secrets_are_not_in_process_lists(
    deployment: Deployment, secrets: dict[str, str], lab_passwords: dict[str, str], govcloud: Command
) -> None:
    """Looked for while a tenant with a host is built and configured."""
    with throwaway.tenant(govcloud, throwaway.request(NAME, hosts=1)), command_lines() as seen:
        for verb in ("up", "deploy"):
            ran = govcloud(verb, NAME)
            assert ran.returncode == 0, ran.stderr
        own = {f"password of {NAME}": deployer.password(deployment.settings, NAME)}
    lines = b"\n".join(seen)
    for program in (plugin.REAL, "ansible\0playbook"):
        assert program.encode() in lines, f"{program} was not seen at work"
    for what, secret in {**secrets, **lab_passwords, **own}.items():
        assert secret.encode() not in lines, what
