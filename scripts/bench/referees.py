"""Lynis and OpenSCAP as referees of the hardening: on a host that is thrown away, never part of the baseline.

Both run as Debian ships them. OpenSCAP's content is a later Debian release's, by this machine's apt.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree as ET

import yaml
from pydantic import BaseModel, ConfigDict

from scripts.console import err
from scripts.lab import debian
from scripts.lab.command import run
from stacks.errors import HostError
from stacks.settings import REPOSITORY

FILE = REPOSITORY / "policies" / "referees.yaml"
FOLDER = "/run/referees"
"""On the host, in memory: gone with the next boot."""

Kind = Literal["container", "vm"]
_RULE = "xccdf_org.ssgproject.content_rule_"
_RESULT = "{http://checklists.nist.gov/xccdf/1.2}result"
_PAUSE = 15.0
"""Seconds between two lines about a scan that goes on."""
_FAILED_RULES = 2
"""Exit code of `oscap` when rules failed, which is what it is asked for."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Lynis(_Strict):
    """The least hardening index, by kind of host."""

    container: int
    vm: int


class OpenScap(_Strict):
    """What OpenSCAP judges by, and the least percentage of applicable rules that pass, by kind of host."""

    release: str
    package: str
    content: str
    profile: str
    container: int
    vm: int


class Accepted(_Strict):
    """A rule that may fail.

    Attributes:
        rule: its id, without the prefix that all have.
        hosts: the kinds of host on which it fails.
    """

    rule: str
    hosts: tuple[Kind, ...]
    since: date
    reason: str


class Referees(_Strict):
    """The file `policies/referees.yaml`."""

    lynis: Lynis
    openscap: OpenScap
    accepted: tuple[Accepted, ...]

    def goals(self, kind: Kind) -> tuple[int, int]:
        """Lynis' least index and OpenSCAP's least percentage for such a host."""
        if kind == "vm":
            return self.lynis.vm, self.openscap.vm
        return self.lynis.container, self.openscap.container

    def reasons(self, kind: Kind) -> dict[str, str]:
        """Why a rule may fail on such a host, by rule."""
        return {item.rule: item.reason for item in self.accepted if kind in item.hosts}


@dataclass(frozen=True)
class Verdict:
    """What the referees say about one host.

    Attributes:
        index: Lynis' hardening index, 0 to 100.
        passed: ids of OpenSCAP's rules; those that do not apply are in neither set.
    """

    index: int
    passed: frozenset[str]
    failed: frozenset[str]

    @property
    def share(self) -> float:
        """Per cent of the applicable rules that pass."""
        return 100 * len(self.passed) / self.applicable

    @property
    def applicable(self) -> int:
        """How many rules passed or failed."""
        return len(self.passed) + len(self.failed)


def read(path: Path = FILE) -> Referees:
    """The file's content, checked."""
    return Referees.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def disagreements(failed: Iterable[str], reasons: Iterable[str]) -> list[str]:
    """What contradicts the list of accepted failures, a sentence each; both ways."""
    observed, accepted = set(failed), set(reasons)
    return [
        *(f"{rule} fails, and {FILE.name} has no reason for it" for rule in sorted(observed - accepted)),
        *(
            f"{rule} passes or does not apply: take it out of {FILE.name}"
            for rule in sorted(accepted - observed)
        ),
    ]


def content(openscap: OpenScap, work: Path) -> Path:
    """Fetch OpenSCAP's content.

    Args:
        work: a folder that does not exist yet.

    Raises:
        LabError: the package cannot be fetched.
    """
    work.mkdir(parents=True)
    log = work / "apt.log"
    apt = debian.lists(work, debian.sources(openscap.release), log)
    run("the download of OpenSCAP's content", [*apt, "install", "--download-only", openscap.package], log)
    (package,) = (work / "cache" / "archives").glob(f"{openscap.package}_*.deb")
    subprocess.run(["dpkg-deb", "--extract", package, work / "package"], check=True)
    return work / "package" / "usr/share/xml/scap/ssg/content" / openscap.content


@dataclass(frozen=True)
class Examiner:
    """Examines hosts.

    Attributes:
        ssh_config: knows the hosts by name.
        source: one-line entry of the package source that hosts may use.
        content: OpenSCAP's rules, on this machine.
        profile: the profile of them.
    """

    ssh_config: Path
    source: str
    content: Path
    profile: str

    def kind(self, host: str) -> Kind:
        """What the host is."""
        answer = self._shell(host, "systemd-detect-virt --container || true").decode().strip()
        return "vm" if answer == "none" else "container"

    def examine(self, host: str, reports: Path) -> Verdict:
        """Install both on the host, run them, and keep what they said.

        Args:
            reports: gets the reports; an old folder is replaced.

        Raises:
            HostError: something could not be run; quotes it.
        """
        shutil.rmtree(reports, ignore_errors=True)
        reports.mkdir(parents=True)
        self._install(host)
        self._scan(host)
        results = self._fetch(host, f"cat {FOLDER}/results.xml", reports / "openscap.xml")
        self._fetch(host, f"cat {FOLDER}/openscap.html", reports / "openscap.html")
        err.print(f"  {host}: Lynis")
        self._fetch(host, _LYNIS, reports / "lynis.txt")
        report = self._fetch(host, "cat /var/log/lynis-report.dat", reports / "lynis-report.dat")
        self._fetch(host, "cat /var/log/lynis.log", reports / "lynis.log")
        passed, failed = rules(results)
        return Verdict(hardening_index(report.decode(errors="replace")), passed, failed)

    def _install(self, host: str) -> None:
        err.print(f"  {host}: installing Lynis and OpenSCAP")
        self._shell(host, f"mkdir -p {FOLDER} && cat > {FOLDER}/content.xml", self.content.read_bytes())
        self._shell(host, f"cat > {FOLDER}/sources.list", self.source.encode())
        self._shell(host, _INSTALL)

    def _scan(self, host: str) -> None:
        """Let OpenSCAP judge; an emulated host takes minutes, so how far it is shows on the way."""
        with subprocess.Popen(
            self._command(host, _OSCAP.format(profile=self.profile)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as scanner:
            said, shown = deque[str](maxlen=10), 0.0
            for number, line in enumerate(scanner.stdout or (), 1):
                said.append(line)
                if time.monotonic() - shown >= _PAUSE:
                    shown = time.monotonic()
                    err.print(f"  {host}: OpenSCAP, {number} rules", markup=False)
        if scanner.returncode != 0:
            raise HostError(
                f"{host}: OpenSCAP ended with {scanner.returncode}: {''.join(said)}", "Look at the host."
            )

    def _fetch(self, host: str, command: str, target: Path) -> bytes:
        target.write_bytes(said := self._shell(host, command))
        return said

    def _shell(self, host: str, command: str, stdin: bytes = b"") -> bytes:
        done = subprocess.run(self._command(host, command), input=stdin, capture_output=True, check=False)
        if done.returncode != 0:
            words = done.stderr.decode(errors="replace").strip()[-1000:]
            raise HostError(f"{host}: `{command}` ended with {done.returncode}: {words}", "Look at the host.")
        return done.stdout

    def _command(self, host: str, command: str) -> list[str]:
        return ["ssh", "-F", str(self.ssh_config), host, f"sudo sh -ec '{command}'"]


_INSTALL = f"""
apt="apt-get -q -y -o Dir::Etc::SourceList={FOLDER}/sources.list -o Dir::Etc::SourceParts=-"
$apt update
DEBIAN_FRONTEND=noninteractive $apt install --no-install-recommends lynis openscap-scanner
"""
_OSCAP = f"""
cd {FOLDER}
code=0
oscap xccdf eval --progress --profile {{profile}} --results results.xml --report openscap.html content.xml \\
  || code=$?
[ $code -eq 0 ] || [ $code -eq {_FAILED_RULES} ]
"""
# What Lynis finds decides its exit code; whether it ran to its end, its report tells.
_LYNIS = "TERM=dumb lynis audit system --quick --no-colors 2>&1 || true"


def rules(results: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """The rules that passed and that failed, of OpenSCAP's XCCDF results."""
    found: dict[str, set[str]] = defaultdict(set)
    # Our own scanner wrote it, and ElementTree fetches nothing.
    for element in ET.fromstring(results).iter(f"{_RESULT[:-6]}rule-result"):  # noqa: S314
        found[element.findtext(_RESULT, "")].add(element.attrib["idref"].removeprefix(_RULE))
    return frozenset(found["pass"]), frozenset(found["fail"])


def hardening_index(report: str) -> int:
    """The index in Lynis' report file.

    Raises:
        HostError: there is none, so Lynis did not run to its end.
    """
    found = re.search(r"^hardening_index=(\d+)$", report, re.MULTILINE)
    if found is None:
        raise HostError("Lynis did not run to its end.", "Look at its report.")
    return int(found.group(1))
