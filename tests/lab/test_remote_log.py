"""Records reach the collector, wait while it is away, and go to no other; it takes none from strangers."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.access.deployment import Deployment
from scripts.configure.authority import Authority, ensure_authority
from scripts.evidence.host.gather import connect
from scripts.evidence.target import Target, targets
from scripts.lab import box as boxes
from scripts.lab import catalog, collector, config, lifecycle, venv
from scripts.lab.paths import Lab
from stacks.settings import Settings

SERVICE = "log"
HOST = "taihe-office-oa-1"
PORTAL_HOST = "xiangyang-portal-web-1"
SOON = 20.0
"""Seconds within which a record arrives; rsyslog looks at files every 5 s."""
LATER = 90.0
"""Seconds within which a collector that came back is found; rsyslog asks at least every 60 s."""
WHERE = "198.18.0.2:6514"

Shell = Callable[[str, str], str]


@pytest.fixture
def lab(settings: Settings) -> Lab:
    return Lab.from_settings(settings)


@pytest.fixture
def on(deployment: Deployment) -> Shell:
    """Runs a command as root on a host, whatever comes of it."""

    def run(host: str, command: str) -> str:
        return str(connect(host, deployment.ssh_config).run("sudo -n sh -c %s", command).stdout).strip()

    return run


@pytest.fixture
def hosts(deployment: Deployment) -> dict[str, Target]:
    return {target.name: target for target in targets(deployment.plan)}


def stop(lab: Lab) -> None:
    """End the collector, as when its machine is restarted."""
    box = running(lab)
    # The whole session, whose number is that of the process it began with.
    assert box.run(["sh", "-c", f"kill -- -{box.services()[SERVICE].pid}"]).returncode == 0
    assert wait(lambda: box.services()[SERVICE].exit is not None, SOON)


def start(lab: Lab) -> None:
    """Start the collector with the identity that it has on disk; returns when it answers."""
    (service,) = (node for node in catalog.nodes(lab) if node.name == SERVICE)
    lifecycle.Starter(running(lab), config.environment(lab.config, venv.folder(lab))).bring_up(service)


def running(lab: Lab) -> boxes.Box:
    box = boxes.find(lab)
    assert box is not None
    return box


def wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not (held := condition()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return held


def collected(lab: Lab, text: str) -> list[str]:
    """Lines with the text, of all senders; what sudo says of the command that made one is no such line."""
    return [
        line
        for path in lab.collected.glob("*.log")
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        if text in line and "COMMAND=" not in line
    ]


def marks(number: int) -> list[str]:
    run = uuid.uuid4().hex
    return [f"{run}-{index}" for index in range(number)]


@pytest.fixture
def disguise(lab: Lab) -> Iterator[Callable[[Path], None]]:
    """Run a collector of another identity that takes records from anybody; ours comes back at the end."""
    own, kept = collector.folder(lab), lab.state / "collector-kept"
    shutil.copytree(own, kept)
    settings = lab.config / "rsyslog.conf"
    text = settings.read_text()

    def show(identity: Path) -> None:
        stop(lab)
        for name in ("key.pem", "certificate.pem"):
            shutil.copy(identity / name, own / name)
        settings.write_text(text.replace("x509/certvalid", "anon"))
        start(lab)

    yield show
    stop(lab)
    shutil.rmtree(own)
    shutil.move(kept, own)
    settings.write_text(text)
    start(lab)


def identity(folder: Path, authority: Authority, name: str) -> Path:
    """Key and certificate of a collector of that name."""
    lab = replace(Lab.from_settings(Settings.from_environment()), state=folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(collector, "COLLECTOR", name)
        collector.identify(lab, authority)
    return collector.folder(lab)


def test_a_record_arrives_with_the_host_s_name_from_its_address(
    lab: Lab, on: Shell, hosts: dict[str, Target]
) -> None:
    for target in hosts.values():
        (mark,) = marks(1)
        on(target.name, f"logger -p auth.info {mark}")
        file = lab.collected / f"{target.address}.log"
        assert wait(lambda: bool(collected(lab, mark)), SOON), target.name  # noqa: B023 - called at once
        (line,) = collected(lab, mark)
        assert line in file.read_text()
        # RFC 5424: priority and version, time, host, program …
        assert line.split()[2] == target.hostname


def test_a_portal_s_own_records_arrive(lab: Lab, on: Shell) -> None:
    (mark,) = marks(1)
    on(PORTAL_HOST, f"curl -sk https://127.0.0.1/?{mark}")
    assert wait(lambda: bool(collected(lab, mark)), SOON)


def test_no_record_is_lost_while_the_collector_is_away(lab: Lab, on: Shell) -> None:
    before, during = marks(1), marks(200)
    on(HOST, f"logger {before[0]}")
    assert wait(lambda: bool(collected(lab, before[0])), SOON)
    stop(lab)
    try:
        on(HOST, "".join(f"logger {mark}; " for mark in during[:100]) + "journalctl --sync; sleep 3")
        waiting = on(HOST, "cat /var/spool/rsyslog/collector.*")
        assert during[99] in waiting
        # Neither an end in good order nor a sudden one loses what waits.
        on(
            HOST,
            "systemctl restart rsyslog; systemctl kill -s KILL rsyslog; sleep 2; systemctl start rsyslog",
        )
        on(HOST, "".join(f"logger {mark}; " for mark in during[100:]))
    finally:
        start(lab)
    stem = during[0].rpartition("-")[0]

    def arrived() -> set[str]:
        return {line.split()[-1] for line in collected(lab, stem)}

    wait(lambda: arrived() >= set(during), LATER)
    assert set(during) - arrived() == set()


@pytest.mark.parametrize("case", ["of another authority", "of another name"])
def test_a_collector_that_is_not_ours_gets_nothing(
    case: str, lab: Lab, on: Shell, disguise: Callable[[Path], None], settings: Settings, tmp_path: Path
) -> None:
    strange = case == "of another authority"
    home = replace(settings, home=tmp_path) if strange else settings
    name = "log.lab.example" if strange else "portal.lab.example"
    disguise(identity(tmp_path / "own", ensure_authority(home, "Strangers"), name))
    (mark,) = marks(1)
    on(HOST, f"systemctl restart rsyslog; logger {mark}")
    assert not wait(lambda: bool(collected(lab, mark)), SOON)
    assert mark in on(HOST, "cat /var/spool/rsyslog/collector.*")


def test_a_sender_without_a_certificate_of_ours_is_refused(
    lab: Lab, on: Shell, settings: Settings, tmp_path: Path
) -> None:
    def send(mark: str, way: str) -> None:
        record = f"<38>1 2027-01-15T00:00:00Z {HOST} stranger - - - {mark}"
        on(HOST, f"(printf '%s %s' {len(record)} '{record}'; sleep 2) | {way} 2>&1")

    ours, nobody, plain, strange = marks(4)
    keys = "-cert /etc/ssl/rsyslog/certificate.pem -key /etc/ssl/rsyslog/key.pem"
    other = identity(tmp_path, ensure_authority(replace(settings, home=tmp_path), "Strangers"), HOST)
    for name in ("certificate", "key"):
        on(HOST, f"umask 77; cat > /root/{name}.strange <<'END'\n{(other / f'{name}.pem').read_text()}END")
    tls = f"timeout 10 openssl s_client -quiet -connect {WHERE}"
    send(ours, f"{tls} {keys}")
    send(nobody, tls)
    send(plain, f"nc -q1 {WHERE.replace(':', ' ')}")
    send(strange, f"{tls} -cert /root/certificate.strange -key /root/key.strange")
    on(HOST, "rm /root/certificate.strange /root/key.strange")
    assert wait(lambda: bool(collected(lab, ours)), SOON)
    assert [mark for mark in (nobody, plain, strange) if collected(lab, mark)] == []
