"""A lab of the tests' own: nothing of it touches the deployment of the person who runs them.

It is built once a session by `govcloud demo`, as a newcomer would, unless the test builds it itself, and
removed at the end. With GOVCLOUD_TEST_KEEP=1 it is kept and used again, for work on the tests themselves;
with GOVCLOUD_TEST_PORT_OFFSET two checkouts on one machine have a lab each.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openstack
import pytest

from scripts.access.deployment import Deployment, open_deployment
from stacks.settings import REPOSITORY, Settings

PORT_OFFSET = int(os.environ.get("GOVCLOUD_TEST_PORT_OFFSET", "1500"))
HOME = REPOSITORY / "build" / "lab-tests"
KEEP = os.environ.get("GOVCLOUD_TEST_KEEP") == "1"
Cloud = Any
"""An `openstack.connection.Connection`; its proxies are assembled at run time, so types do not help."""

GOVCLOUD = Path(sys.executable).with_name("govcloud")


@dataclass(frozen=True)
class Command:
    """Runs `govcloud` as a person would, with the environment of the tests' own lab."""

    environment: Mapping[str, str]

    def __call__(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a verb to its end; `changes` are environment variables."""
        return subprocess.run(
            [GOVCLOUD, *arguments],
            env={**self.environment, **changes},
            capture_output=True,
            text=True,
            timeout=1500,
            check=False,
        )

    def start(self, *arguments: str, **changes: str) -> subprocess.Popen[str]:
        """Start a verb in a process group of its own."""
        return subprocess.Popen(
            [GOVCLOUD, *arguments],
            env={**self.environment, **changes},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


@pytest.fixture(scope="session")
def govcloud() -> Iterator[Command]:
    """The command, in an environment whose folders, ports and cloud are the tests' own; no lab is up yet."""
    if not KEEP:
        shutil.rmtree(HOME, ignore_errors=True)
    tenants = HOME / "tenants"
    shutil.copytree(REPOSITORY / "tenants", tenants, dirs_exist_ok=True)
    own = {
        "GOVCLOUD_HOME": str(HOME / "home"),
        "GOVCLOUD_TENANTS": str(tenants),
        "GOVCLOUD_LAB_PORT_OFFSET": str(PORT_OFFSET),
        "OS_CLIENT_CONFIG_FILE": str(HOME / "clouds.yaml"),
        "OS_CLOUD": f"lab-{PORT_OFFSET}",
        "GOVCLOUD_DATE": "2027-01-15",  # outside of every season, whenever the tests run
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in own.items():
            patch.setenv(name, value)
        run = Command(dict(os.environ))
        if not KEEP:
            run("lab", "wipe", "--yes")
        yield run
        if not KEEP:
            run("lab", "wipe", "--yes")


@pytest.fixture(scope="session")
def demo(govcloud: Command) -> str:
    """The demo, once; its output is the value."""
    ran = govcloud("demo")
    (HOME / "demo.log").write_text(ran.stdout + ran.stderr)
    if ran.returncode != 0:
        pytest.fail(f"govcloud demo ended with {ran.returncode}:\n{ran.stdout[-2000:]}\n{ran.stderr[-6000:]}")
    return ran.stdout


@pytest.fixture(scope="session")
def settings(demo: str) -> Settings:
    """The tests' own settings, with the lab running."""
    assert demo
    return Settings.from_environment()


@pytest.fixture(scope="session")
def deployment(settings: Settings) -> Deployment:
    """The three example tenants, up, deployed, proved and audited."""
    return open_deployment(settings)


@pytest.fixture(scope="session")
def cloud(settings: Settings) -> Cloud:
    """The lab's API, as its administrator."""
    return openstack.connect(cloud=settings.cloud)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the lab; what makes the lab larger comes last."""
    for item in items:
        item.add_marker(pytest.mark.lab)
    items.sort(key=lambda item: item.get_closest_marker("own_kernel") is not None)
