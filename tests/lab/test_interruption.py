"""Killed half-way, run again, converged."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from scripts.engine import environment
from stacks.settings import REPOSITORY, Settings
from tests.lab import throwaway
from tests.lab.conftest import GOVCLOUD, Cloud, Command

NAME = "zz-interrupted"


def wait_until_creating(home: Path, running: subprocess.Popen[str], count: int) -> None:
    """Wait until Pulumi has begun to create so many resources."""
    log = home / "logs" / f"{NAME}-up.jsonl"
    for _ in range(600):
        if log.exists() and log.read_text().count('"op":"create"') >= count:
            return
        assert running.poll() is None, "it ended before it could be killed"
        time.sleep(0.1)
    pytest.fail("nothing was created within a minute")


def state_folder(settings: Settings) -> Path:
    return Path(settings.backend.removeprefix("file://")) / ".pulumi"


def pulumi_processes() -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if NAME in (process.info["cmdline"] or []) and "up" in (process.info["cmdline"] or [])
    ]


def converged(govcloud: Command, cloud: Cloud) -> None:
    again = govcloud("up", NAME)
    assert again.returncode == 0, again.stderr
    still = govcloud("up", NAME, "--json")
    assert {result["changed"] for result in json.loads(still.stdout)} == {0}
    project = cloud.identity.find_project(NAME, ignore_missing=False).id
    for kind, count in (("networks", 1), ("routers", 1), ("ips", 0)):
        assert len(list(getattr(cloud.network, kind)(project_id=project))) == count, f"orphaned {kind}"
    assert len(list(cloud.compute.servers(all_projects=True, project_id=project))) == 1


def test_govcloud_killed_pulumi_stops_in_order(settings: Settings, cloud: Cloud, govcloud: Command) -> None:
    with throwaway.tenant(govcloud, throwaway.request(NAME, hosts=1)):
        with govcloud.start("up", NAME) as running:
            wait_until_creating(settings.home, running, 12)
            running.kill()
        for _ in range(600):
            if not pulumi_processes():
                break
            time.sleep(0.1)
        assert not pulumi_processes(), "pulumi outlived the command that started it"
        converged(govcloud, cloud)


@pytest.mark.parametrize("count", [6, 14, 20])
def test_everything_killed_at_once(settings: Settings, cloud: Cloud, govcloud: Command, count: int) -> None:
    """As after a power cut: nothing could unlock the stack or write down what was being created."""
    with throwaway.tenant(govcloud, throwaway.request(NAME, hosts=1)):
        with govcloud.start("up", NAME) as running:
            wait_until_creating(settings.home, running, count)
            os.killpg(running.pid, signal.SIGSTOP)
            os.killpg(running.pid, signal.SIGKILL)
        converged(govcloud, cloud)


def interrupt(settings: Settings, *suffixes: str) -> None:
    """Put a stack into the state of a run that was killed while it made things that the cloud has by now."""
    file = state_folder(settings) / "stacks/govcloud" / f"{NAME}.json"
    state = json.loads(file.read_text())
    latest = state["checkpoint"]["latest"]
    pending = [item for item in latest["resources"] if item["type"].endswith(suffixes)]
    assert pending
    latest["resources"] = [item for item in latest["resources"] if item not in pending]
    latest["pending_operations"] = [{"resource": item, "type": "creating"} for item in pending]
    file.write_text(json.dumps(state))


@pytest.mark.parametrize("suffixes", [(":RouterRoutesV2",), (":RouterInterface", ":RouterRoutesV2")])
def test_killed_while_a_router_was_made(
    settings: Settings, cloud: Cloud, govcloud: Command, suffixes: tuple[str, ...]
) -> None:
    """Both end: building it to its end, and removing it, where a route that is left would hold its router."""
    with throwaway.tenant(govcloud, throwaway.request(NAME)):
        assert govcloud("up", NAME).returncode == 0
        interrupt(settings, *suffixes)
        again = govcloud("up", NAME)
        assert again.returncode == 0, again.stderr
        still = govcloud("up", NAME, "--json")
        assert {result["changed"] for result in json.loads(still.stdout)} == {0}
        interrupt(settings, *suffixes)
    assert list(cloud.network.routers(name=f"{NAME}-internal")) == []


def test_a_foreign_lock_is_explained_and_can_be_cleared(settings: Settings, govcloud: Command) -> None:
    with throwaway.tenant(govcloud, throwaway.request(NAME)):
        assert govcloud("up", NAME).returncode == 0
        locks = state_folder(settings) / "locks/organization/govcloud" / NAME
        locks.mkdir(parents=True, exist_ok=True)
        lock = {
            "pid": 4711,
            "username": "root",
            "hostname": "another-machine",
            "timestamp": "2026-01-01T00:00:00Z",
        }
        (locks / "0b3c1a52-0000-4000-8000-000000000000.json").write_text(json.dumps(lock))
        refused = govcloud("up", NAME)
        assert refused.returncode == 5
        assert re.search(r"locked by root@another-machine \(process 4711\)", refused.stderr)
        assert f"govcloud unlock {NAME}" in " ".join(refused.stderr.split())
        assert govcloud("unlock", NAME).returncode == 0
        assert govcloud("up", NAME).returncode == 0


def test_pulumi_by_hand(settings: Settings, govcloud: Command) -> None:
    """What the README shows: `eval "$(govcloud env)"`, then plain pulumi."""
    assert settings.home.exists()
    with throwaway.tenant(govcloud, throwaway.request(NAME)):
        assert govcloud("allocate").returncode == 0
        assert govcloud("up", "--all").returncode == 0
        by_hand = f"pulumi preview --stack {NAME} --expect-no-changes"
        script = f'eval "$({GOVCLOUD} env)" && {by_hand}'
        ran = subprocess.run(
            ["bash", "-c", script],
            cwd=REPOSITORY,
            env=govcloud.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_operators_identity_never_reaches_pulumi(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_PASSWORD", "not-for-pulumi")
    full = environment.full(settings)
    assert "OS_PASSWORD" not in full
    assert "OS_CLOUD" not in full
