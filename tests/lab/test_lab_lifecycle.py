"""The lab comes up, tells the truth, heals, and goes without a trace: on a lab of this module's own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openstack
import psutil
import pytest
import yaml

from scripts.lab import box, cgroups
from scripts.lab.paths import Lab, Ports
from stacks.settings import Settings
from tests.lab.conftest import Cloud, Command

OFFSET = 2500


@pytest.fixture(scope="module")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clouds") / "clouds.yaml"


@pytest.fixture(scope="module")
def lab() -> Lab:
    cache = Settings.from_environment().cache / "lab"
    return Lab(cache=cache, state=cache / f"state-{OFFSET}", ports=Ports(OFFSET))


@pytest.fixture(scope="module")
def command(clouds: Path) -> Iterator[Command]:
    own = {
        "GOVCLOUD_HOME": str(clouds.parent / "home"),
        "GOVCLOUD_LAB_PORT_OFFSET": str(OFFSET),
        "OS_CLIENT_CONFIG_FILE": str(clouds),
        "OS_CLOUD": f"lab-{OFFSET}",
    }
    run = Command({**os.environ, **own})
    assert run("lab", "wipe", "--yes").returncode == 0
    yield run
    assert run("lab", "wipe", "--yes").returncode == 0


@pytest.fixture
def running(command: Command) -> Command:
    """The command, with the lab up: a test may leave it in any state."""
    done = command("lab", "up")
    assert done.returncode == 0, done.stderr[-3000:]
    return command


def rows(command: Command) -> dict[str, dict[str, Any]]:
    return {row["service"]: row for row in json.loads(command("lab", "status", "--json").stdout)}


def pids(command: Command) -> dict[str, int]:
    return {name: row["pid"] for name, row in rows(command).items() if row["pid"]}


def traces(lab: Lab) -> list[str]:
    """Everything of the lab that the kernel still holds."""
    found = [str(path) for path in cgroups.find(cgroups.detect(), box.branch_name(lab))]
    found += [line for line in Path("/proc/mounts").read_text().splitlines() if str(lab.state) in line]
    loops = subprocess.run(
        ["losetup", "-l", "-O", "BACK-FILE"], capture_output=True, text=True, check=True
    ).stdout
    found += [line for line in loops.splitlines() if str(lab.state) in line]
    commands = [" ".join(one.info["cmdline"] or []) for one in psutil.process_iter(["cmdline"])]
    found += [line for line in commands if str(lab.state) in line]
    for port in lab.ports.forwarded.values():
        with socket.socket() as probe:
            found += [] if probe.connect_ex(("127.0.0.1", port)) else [f"port {port}"]
    return found


def test_a_second_up_changes_nothing(running: Command) -> None:
    before = pids(running)
    assert len(before) > 25
    assert running("lab", "up").returncode == 0
    assert pids(running) == before


def test_a_service_that_dies_is_told_and_started_again(running: Command) -> None:
    before = pids(running)
    os.kill(before["memcached"], signal.SIGKILL)
    status = running("lab", "status")
    assert status.returncode == 4
    assert "memcached" in status.stderr
    assert "ended with status -9" in rows(running)["memcached"]["problem"]
    assert running("lab", "up").returncode == 0
    after = pids(running)
    assert after.pop("memcached") != before.pop("memcached")
    assert after == before


def test_a_package_that_adds_an_account_does_not_take_the_lab_s_own(running: Command) -> None:
    group = Path("/etc/group")
    anew = shutil.copy2(group, group.with_name("group.anew"))
    Path(anew).rename(group)
    os.kill(pids(running)["libvirtd"], signal.SIGKILL)
    done = running("lab", "up")
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("seconds", [1.5, 4, 9])
def test_an_up_that_was_killed_is_finished_by_the_next(command: Command, seconds: float) -> None:
    command("lab", "wipe", "--yes")
    first = command.start("lab", "up")
    time.sleep(seconds)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    done = command("lab", "up")
    assert done.returncode == 0, done.stderr[-3000:]
    assert not [row for row in rows(command).values() if row["problem"]]


def test_down_leaves_nothing_and_the_state_is_kept(running: Command, lab: Lab, clouds: Path) -> None:
    entry = yaml.safe_load(clouds.read_text())["clouds"][lab.name]
    project = connect(entry).identity.create_project(name=f"kept-{time.monotonic_ns()}")
    assert running("lab", "down").returncode == 0
    assert traces(lab) == []
    assert running("lab", "status").returncode == 4
    assert running("lab", "up").returncode == 0
    assert connect(entry).identity.get_project(project.id).name == project.name


def test_wipe_removes_state_and_entry(running: Command, lab: Lab, clouds: Path) -> None:
    assert running("lab", "wipe", "--yes").returncode == 0
    assert traces(lab) == []
    assert not lab.state.exists()
    assert lab.name not in (yaml.safe_load(clouds.read_text()) or {}).get("clouds", {})
    assert any(lab.cache.glob("images/*.raw"))


def test_it_listens_on_loopback_only(running: Command, lab: Lab) -> None:
    forwarders = psutil.Process(pids(running)["forwarders"])
    listening = [one.laddr for one in forwarders.net_connections() if one.status == psutil.CONN_LISTEN]
    assert {address.ip for address in listening} == {"127.0.0.1"}
    assert {address.port for address in listening} == set(lab.ports.forwarded.values())


@pytest.mark.parametrize("netns", ["box", "upstream", "services"])
def test_no_packet_finds_a_way_out(running: Command, netns: str) -> None:
    shown = running(
        "lab", "shell", "--", "nsenter", f"--net=/run/netns/{netns}", "ip", "-j", "route", "get", "192.0.2.2"
    )
    routes = json.loads(shown.stdout or "[]")
    assert [route.get("gateway") for route in routes] in ([], ["198.18.0.1"])


def test_hosts_can_trust_the_package_mirror(running: Command, lab: Lab) -> None:
    url = "http://198.18.0.2/debian/dists/bookworm/InRelease"
    check = f"curl -fsS {url} | gpgv --keyring {lab.cache / 'mirror-key.gpg'}"
    done = running("lab", "shell", "--", "nsenter", "--net=/run/netns/services", "sh", "-c", check)
    assert done.returncode == 0, done.stderr
    assert "Good signature" in done.stderr


def test_a_taken_port_is_told_before_anything_happens(command: Command, lab: Lab) -> None:
    command("lab", "down")
    with socket.socket() as taken:
        # Connections of the lab that has just gone linger on the port.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", lab.ports.nova))
        taken.listen()
        done = command("lab", "up")
    assert done.returncode == 3
    assert f"port {lab.ports.nova}" in done.stderr
    assert traces(lab) == []


def connect(entry: dict[str, Any]) -> Cloud:
    """A connection with a clouds.yaml entry; its proxies are assembled at run time."""
    own = {key: value for key, value in entry.items() if key != "govcloud"}
    return openstack.connect(load_yaml_config=False, load_envvars=False, **own)
