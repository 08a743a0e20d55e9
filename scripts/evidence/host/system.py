"""Packages, units, time and records of a host, parsed."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SETTING = re.compile(r"^\s*([A-Za-z][\w.-]*)\s*(?:=|\s)\s*(.*?)\s*$")


@dataclass(frozen=True)
class Release:
    """What runs: the distribution and the kernel.

    Attributes:
        codename: of the distribution's release, for example `bookworm`.
    """

    name: str
    codename: str
    version: str
    kernel: str


@dataclass(frozen=True)
class SourceFile:
    """A file that names package sources.

    Attributes:
        sources: how many sources it names.
        keys: the keyrings or keys that sign them, one for each source that names any.
        insecure: options that make apt accept what nobody signed.
    """

    name: str
    sources: int
    keys: tuple[str, ...]
    insecure: tuple[str, ...]


@dataclass(frozen=True)
class HostKey:
    """A key pair by which the host proves itself."""

    kind: str
    bits: int

    @property
    def strong(self) -> bool:
        """Whether it will hold for years (BSI TR-02102-4, CIS 5.1)."""
        return self.bits >= {"ED25519": 256, "RSA": 3072, "ECDSA": 384}.get(self.kind, sys.maxsize)


@dataclass(frozen=True)
class Unit:
    """A unit of systemd.

    Attributes:
        enabled: `enabled`, `disabled`, `masked`, `static` …; empty when there is no unit file.
        active: `active`, `inactive`, `failed` …
    """

    name: str
    enabled: str
    active: str


@dataclass(frozen=True)
class Clock:
    """What chrony says of the clock.

    Attributes:
        source: the server that the clock follows; empty when it follows none.
        offset: seconds between the clock and the server's.
        synchronised: whether the clock is disciplined now.
    """

    source: str
    offset: float
    synchronised: bool


@dataclass(frozen=True)
class Record:
    """One entry of the journal."""

    seconds: float
    user: str
    program: str
    message: str


def settings(text: str) -> dict[str, str]:
    """`key = value` or `key value` lines; the last one wins, a bare key has the value `yes`."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        plain = line.split("#", 1)[0].strip()
        if not plain or plain.startswith("["):
            continue
        match = SETTING.match(plain)
        if match:
            found[match.group(1)] = match.group(2)
        else:
            found[plain] = "yes"
    return found


def repeated(text: str) -> dict[str, str]:
    """`key value` lines as sshd writes them; values of a key that comes again are joined by blanks."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        key, _, value = line.partition(" ")
        found.setdefault(key, []).append(value)
    return {key: " ".join(values) for key, values in found.items()}


def host_keys(text: str) -> dict[str, HostKey]:
    """File and `ssh-keygen -l` line of each host key."""
    rows = (line.split() for line in text.splitlines())
    return {row[0]: HostKey(row[-1].strip("()"), int(row[1])) for row in rows}


def release(text: str) -> Release:
    """Read /etc/os-release with the lines that the question adds."""
    values = {key: value.strip('"') for key, _, value in (line.partition("=") for line in text.splitlines())}
    return Release(values["PRETTY_NAME"], values["VERSION_CODENAME"], values["VERSION"], values["KERNEL"])


def packages(text: str) -> dict[str, str]:
    """Version of each installed package."""
    rows = (line.split(maxsplit=2) for line in text.splitlines())
    return {name: version for status, name, version in rows if status == "installed"}


def package_sources(text: str) -> frozenset[str]:
    """Address and suite of every index that apt uses."""
    rows = (line.split() for line in text.splitlines())
    return frozenset(f"{uri.rstrip('/')} {suite}" for uri, suite in rows)


def source_files(text: str) -> tuple[SourceFile, ...]:
    """Read the files in /etc/apt, each line after its file's name, in both of apt's formats."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, _, content = line.partition(":")
        found.setdefault(name, []).append(content.strip())
    return tuple(_source_file(name, lines) for name, lines in found.items() if any(lines))


def _source_file(name: str, lines: list[str]) -> SourceFile:
    joined = "\n".join(lines)
    return SourceFile(
        name=name,
        sources=len(re.findall(r"^(?:URIs:|deb(?:-src)?\s)", joined, re.MULTILINE)),
        keys=tuple(re.findall(r"signed-by[:=]\s*([^\s\]]+)", joined, re.IGNORECASE)),
        insecure=tuple(
            found.group(0)
            for found in re.finditer(
                r"(?:trusted|allow-insecure|allow-weak|allow-downgrade-to-insecure)[:=]\s*yes",
                joined,
                re.IGNORECASE,
            )
        ),
    )


def apt_config(text: str) -> dict[str, str]:
    """Read `apt-config dump`."""
    rows = (line.rstrip(";").partition(" ") for line in text.splitlines() if " " in line)
    return {key: value.strip('"') for key, _, value in rows}


def upgrades(text: str) -> tuple[str, ...]:
    """Packages that a simulated upgrade would change.

    Raises:
        ValueError: the simulation did not come to its end.
    """
    if " upgraded, " not in text:
        raise ValueError("the simulation has no summary")
    return tuple(line.split()[1] for line in text.splitlines() if line.startswith("Inst "))


def changed_files(text: str) -> tuple[str, ...]:
    """Files that differ from their package, without configuration."""
    lines = [line for line in text.splitlines() if line != "end"]
    return tuple(line for line in lines if " c /" not in line)


def units(files: str, loaded: str) -> dict[str, Unit]:
    """Every unit that is loaded or installed."""
    enabled = {item["unit_file"]: item["state"] for item in json.loads(files)}
    active = {item["unit"]: item["active"] for item in json.loads(loaded)}
    return {
        name: Unit(name, enabled.get(name, ""), active.get(name, "inactive"))
        for name in sorted(enabled | active)
    }


def clock(text: str) -> Clock:
    """Read `chronyc -n -c tracking`."""
    fields = text.strip().split(",")
    return Clock(source=fields[1], offset=abs(float(fields[4])), synchronised=fields[13] == "Normal")


def time_sources(text: str) -> frozenset[str]:
    """Read `chronyc -n -c sources`: every server that is asked."""
    return frozenset(line.split(",")[2] for line in text.splitlines())


def records(text: str) -> tuple[Record, ...]:
    """Read journal entries in JSON, one a line."""
    return tuple(_record(json.loads(line)) for line in text.splitlines() if line.strip())


def ended_records(text: str) -> tuple[Record, ...]:
    """The same, closed by a line `end`, because there may be none.

    Raises:
        ValueError: the end is missing.
    """
    *lines, last = text.splitlines()
    if last != "end":
        raise ValueError("the answer has no end")
    return records("\n".join(lines))


def _record(entry: Mapping[str, Any]) -> Record:
    return Record(
        seconds=int(entry["__REALTIME_TIMESTAMP"]) / 1_000_000,
        user=str(entry.get("_UID", "")),
        program=str(entry.get("SYSLOG_IDENTIFIER", "")),
        message=str(entry.get("MESSAGE", "")),
    )


def modules(text: str) -> dict[str, str]:
    """What `modprobe` would do for each module."""
    return {name: action for name, _, action in (line.partition(" ") for line in text.splitlines())}
