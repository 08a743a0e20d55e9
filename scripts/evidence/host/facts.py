"""The facts of one host: its answers as it gave them, each parsed when a check first asks for it.

An answer that is missing, empty or unreadable is a `Finding`, so that a check never passes for want of data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from scripts.evidence.finding import Finding
from scripts.evidence.host import accounts as people
from scripts.evidence.host import filesystem, firewall, network, remote_log, system
from scripts.evidence.said import said

T = TypeVar("T")

DO = "Look at the host. The check counts as failed until the fact can be read."


@dataclass(frozen=True)
class Answer:
    """What one question gave: exit status, output, end of the error output."""

    status: int
    out: str
    error: str


@dataclass(frozen=True)
class HostFacts:
    """All answers of one host.

    Attributes:
        name: the host's name in the plan.
        seconds: how long the host took to answer everything.
        asked_at: Unix time on the auditor's machine half-way through the call.
    """

    name: str
    answers: Mapping[str, Answer]
    seconds: float
    asked_at: float

    def raw(self, question: str) -> str:
        """The output of an answer that succeeded and is not empty.

        Raises:
            Finding: there is none.
        """
        answer = self.answers.get(question)
        if answer is None or answer.status != 0 or not answer.out.strip():
            if answer is None:
                reason: str = said("was not asked")
            else:
                reason = answer.error.strip() or said("status {status}", status=answer.status)
            expected = said("an answer to '{question}'", question=question)
            raise Finding(expected, said("none: {reason}", reason=reason), DO)
        return answer.out

    def read(self, parse: Callable[..., T], *questions: str) -> T:
        """The parsed answers.

        Raises:
            Finding: an answer is missing or has another form than its parser knows.
        """
        texts = [self.raw(question) for question in questions]
        try:
            return parse(*texts)
        except (ValueError, KeyError, IndexError, TypeError) as error:
            expected = said("a readable answer to '{question}'", question=questions[0])
            raise Finding(expected, f"{error!r}: {texts[0][:80]!r}", DO) from error

    @cached_property
    def release(self) -> system.Release:
        """Distribution and kernel."""
        return self.read(system.release, "os_release")

    @property
    def own_kernel(self) -> bool:
        """Whether the host has a kernel of its own; a container has not."""
        return self.raw("virtualization").split()[0] == "none"

    @cached_property
    def clock_offset(self) -> float:
        """Seconds between the host's clock and the auditor's."""
        return abs(self.clock - self.asked_at)

    @cached_property
    def clock(self) -> float:
        """The host's Unix time."""
        return self.read(float, "clock")

    @cached_property
    def sshd(self) -> dict[str, str]:
        """Effective settings of sshd for the operators' account, keys in lower case."""
        return self.read(system.repeated, "sshd")

    @cached_property
    def sshd_for_auditor(self) -> dict[str, str]:
        """Effective settings of sshd for the auditor's account, keys in lower case."""
        return self.read(system.repeated, "sshd_auditor")

    @cached_property
    def host_keys(self) -> dict[str, system.HostKey]:
        """Each private host key's file, with kind and size."""
        return self.read(system.host_keys, "host_keys")

    @cached_property
    def accounts(self) -> tuple[people.Account, ...]:
        """Local accounts."""
        return self.read(people.passwd, "passwd")

    @cached_property
    def groups(self) -> tuple[people.Group, ...]:
        """Local groups."""
        return self.read(people.group, "group")

    @cached_property
    def password_states(self) -> dict[str, str]:
        """State of each account's password."""
        return self.read(people.password_states, "password_states")

    @cached_property
    def authorized_keys(self) -> dict[str, frozenset[str]]:
        """Keys that each account accepts."""
        return self.read(people.authorized_keys, "authorized_keys")

    @cached_property
    def session(self) -> people.Session:
        """A login session of the operators' account."""
        return self.read(people.session, "session")

    @cached_property
    def sudo(self) -> people.SudoRights:
        """The sudo policy."""
        return self.read(people.sudo_rights, "sudoers")

    @cached_property
    def pam(self) -> dict[str, tuple[str, ...]]:
        """Active lines of each file in /etc/pam.d."""
        found: dict[str, list[str]] = {}
        for line in self.raw("pam").splitlines():
            file, _, rule = line.partition(":")
            found.setdefault(file, []).append(" ".join(rule.split()))
        return {file: tuple(rules) for file, rules in found.items()}

    @cached_property
    def login_defs(self) -> dict[str, str]:
        """/etc/login.defs."""
        return self.read(system.settings, "login_defs")

    @cached_property
    def ruleset(self) -> firewall.Ruleset:
        """The ruleset in force."""
        return self.read(firewall.read_ruleset, "ruleset")

    @cached_property
    def boot_ruleset(self) -> firewall.Ruleset:
        """The ruleset that the next boot will load."""
        return self.read(firewall.read_ruleset, "boot_ruleset")

    @cached_property
    def listeners(self) -> tuple[network.Listener, ...]:
        """Sockets that wait for others."""
        return self.read(network.listeners, "listeners")

    @cached_property
    def interfaces(self) -> tuple[network.Interface, ...]:
        """Network interfaces without loopback."""
        return self.read(network.interfaces, "addresses")

    @cached_property
    def routes(self) -> tuple[network.HostRoute, ...]:
        """IPv4 routes."""
        return self.read(network.routes, "routes")

    @cached_property
    def resolvers(self) -> frozenset[str]:
        """Name servers."""
        return self.read(network.resolvers, "resolvers")

    @cached_property
    def packages(self) -> dict[str, str]:
        """Installed packages with their versions."""
        return self.read(system.packages, "packages")

    @cached_property
    def package_sources(self) -> frozenset[str]:
        """Address and suite of every index that apt uses."""
        return self.read(system.package_sources, "apt_sources")

    @cached_property
    def source_files(self) -> tuple[system.SourceFile, ...]:
        """The files that name them."""
        return self.read(system.source_files, "apt_files")

    @cached_property
    def apt_config(self) -> dict[str, str]:
        """apt's effective settings."""
        return self.read(system.apt_config, "apt_config")

    @cached_property
    def upgrades(self) -> tuple[str, ...]:
        """Packages that have a newer version in the package source."""
        return self.read(system.upgrades, "upgrades")

    @cached_property
    def units(self) -> dict[str, system.Unit]:
        """Units of systemd."""
        return self.read(system.units, "unit_files", "units")

    @cached_property
    def journald(self) -> dict[str, str]:
        """Effective settings of journald."""
        return self.read(system.settings, "journald")

    @cached_property
    def sender(self) -> remote_log.Sender:
        """What sends records to the collector is told."""
        return self.read(remote_log.sender, "log_sender")

    @cached_property
    def files(self) -> dict[str, filesystem.FileState]:
        """Owner and mode of the files that checks ask for."""
        return self.read(filesystem.files, "files")

    @cached_property
    def sweep(self) -> filesystem.Sweep:
        """What the walk through the file system found."""
        return self.read(filesystem.sweep, "sweep")

    @cached_property
    def sysctl(self) -> dict[str, str]:
        """Kernel parameters."""
        return self.read(system.settings, "sysctl")

    @cached_property
    def mounts(self) -> dict[str, frozenset[str]]:
        """Mount options."""
        return self.read(filesystem.mounts, "mounts")

    @cached_property
    def disks(self) -> dict[str, filesystem.Mount]:
        """What is mounted of other disks than the host's own, by its path."""
        return self.read(filesystem.disks, "mounts")
