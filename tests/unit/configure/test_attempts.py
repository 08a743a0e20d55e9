"""A host at its first start gets its time, and nobody waits for it; one that was met before does not."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts.access.ssh import SshFiles, Way, write_config
from scripts.configure import attempts
from scripts.configure.attempts import FIRST_START, Attempts
from scripts.configure.deploy import Outcome, explain
from scripts.configure.greet import PATIENCE, known_as, remembered
from scripts.configure.progress import Failure, HostProgress, HostTable
from scripts.configure.run import Run

NEW, OLD, READY = "t-new-1", "t-old-1", "t-ready-1"
REFUSED = "Connection refused"
PLAY = 60.0


pytestmark = pytest.mark.usefixtures("short_paths")


class Zone(Run):
    """Hosts that answer after so many greetings; never, where no number is given.

    The playbook's runs are kept instead of made. A host in `losing` is lost once on the way.
    """

    def __init__(self, folder: Path, answering: dict[str, int]) -> None:
        super().__init__(folder, folder)
        files = SshFiles(folder / "config", folder / "key", folder / "known_hosts", folder / "mux")
        ways = [Way(name, "127.0.0.1", f"known-{name}") for name in (NEW, OLD, READY)]
        self.config = write_config(files, "debian", None, Way("bastion", "127.0.0.1", "known-bastion"), ways)
        met = (f"known-{name} ssh-ed25519 AAAA\n" for name in ("bastion", OLD, READY))
        files.known_hosts.write_text("".join(met))
        self.known_hosts = files.known_hosts
        self.answering = answering
        self.said = REFUSED
        self.seconds = 0.0
        self.losing: set[str] = set()
        self.done: list[tuple[str, object]] = []
        self.records: list[int] = []

    def greet(self, hosts: Collection[str], _: Path, patience: float = PATIENCE) -> dict[str, str]:
        self.done.append(("greet", (sorted(hosts), patience)))
        self.seconds += patience
        for name in hosts:
            self.answering[name] = self.answering.get(name, 9) - 1
            if self.said != REFUSED:  # the host spoke, and refused the key
                with self.known_hosts.open("a") as file:
                    file.write(f"known-{name} ssh-ed25519 AAAA\n")
        return {name: self.said for name in hosts if self.answering[name] > 0}

    def play(self, attempt: int, hosts: Collection[str], table: HostTable, *, check: bool) -> None:
        assert not check
        self.done.append(("play", sorted(hosts)))
        self.seconds += PLAY
        self.records.append(attempt)
        for name in self.losing & set(hosts):
            table.hosts[name] = HostProgress(name, 3, failure=Failure("base: x", "EOF", unreachable=True))
        self.losing -= set(hosts)

    def configured(self, monkeypatch: pytest.MonkeyPatch, *names: str) -> dict[str, Failure | None]:
        monkeypatch.setattr(attempts, "greet", self.greet)
        monkeypatch.setattr(attempts, "time", SimpleNamespace(monotonic=lambda: self.seconds))
        monkeypatch.setattr(attempts, "answers", lambda name, _: self.answering.get(name, 1) <= 1)
        table = HostTable(HostProgress(name, 3) for name in names)
        Attempts(self, table, self.config, check=False).configure()
        assert len(set(self.records)) == len(self.records)
        return {name: host.failure for name, host in table.hosts.items()}


def test_others_are_configured_while_a_new_host_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    zone = Zone(tmp_path, {NEW: 2, READY: 1})
    assert zone.configured(monkeypatch, NEW, READY) == {NEW: None, READY: None}
    assert zone.done == [
        ("greet", ([NEW, READY], PATIENCE)),
        ("play", [READY]),
        ("greet", ([NEW], FIRST_START - PATIENCE - PLAY)),
        ("play", [NEW]),
    ]
    assert NEW in capsys.readouterr().err


def test_when_its_time_is_over_the_error_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = Zone(tmp_path, {})
    failure = zone.configured(monkeypatch, NEW)[NEW]
    assert failure is not None
    assert failure.unreachable
    told = str(explain(Outcome((HostProgress(NEW, 3, failure=failure),), 1.0, tmp_path), zone.config))
    for words in (
        f"host {NEW} cannot be reached: no answer for 15 minutes, and none ever before: {REFUSED}",
        f"`openstack console log show {NEW}`",
        "run the same command again: it goes on where it stopped",
    ):
        assert words in told
    assert [kind for kind, _ in zone.done] == ["greet", "greet"]


def test_a_new_host_that_refuses_the_key_is_still_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its SSH server is there before cloud-init has brought the key; by then its own key is remembered."""
    zone = Zone(tmp_path, {NEW: 2})
    zone.said = "Permission denied (publickey)."
    assert zone.configured(monkeypatch, NEW) == {NEW: None}


@pytest.mark.parametrize(
    ("name", "said", "bastion"),
    [
        (OLD, REFUSED, 1),
        (NEW, REFUSED, 5),
        (NEW, "Host key verification failed.", 1),
        ("bastion", REFUSED, 5),
    ],
    ids=["met before", "the bastion is away", "hopeless", "the bastion itself"],
)
def test_nothing_else_is_waited_for_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str, bastion: int
) -> None:
    zone = Zone(tmp_path, {"bastion": bastion})
    zone.said = said
    assert zone.configured(monkeypatch, name) == {name: Failure("greeting", said, unreachable=True)}
    assert zone.done == [("greet", ([name], PATIENCE))]


def test_a_host_that_is_lost_is_tried_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zone = Zone(tmp_path, {NEW: 2, READY: 1})
    zone.losing = {NEW, READY}
    assert zone.configured(monkeypatch, NEW, READY) == {NEW: None, READY: None}
    assert [what for kind, what in zone.done if kind == "play"] == [[READY], [READY], [NEW], [NEW]]


def test_what_ssh_remembers_is_what_the_configuration_calls_a_host(tmp_path: Path) -> None:
    zone = Zone(tmp_path, {})
    assert [known_as(name, zone.config) in remembered(zone.config) for name in (NEW, OLD)] == [False, True]
    zone.known_hosts.unlink()
    assert remembered(zone.config) == frozenset()
