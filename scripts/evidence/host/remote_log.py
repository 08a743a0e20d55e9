"""What sends records to the collector, parsed: its settings, its session, and whom it talks to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

COMMENT = re.compile(r"(?m)^\s*#.*$")
STATEMENT = re.compile(r"\b([a-z_]+)\s*\(([^()]*)\)", re.IGNORECASE)
PARAMETER = re.compile(r'([\w.]+)\s*=\s*"([^"]*)"')


@dataclass(frozen=True)
class Statement:
    """One object of rsyslog's settings.

    Attributes:
        kind: `global`, `module`, `input`, `action` …
        parameters: by their names in lower case, because rsyslog does not tell cases apart.
    """

    kind: str
    parameters: Mapping[str, str]

    @property
    def type(self) -> str:
        """What kind of input or action, or which module."""
        return self.parameters.get("type") or self.parameters.get("load", "")


@dataclass(frozen=True)
class Sender:
    """What rsyslog is told.

    Attributes:
        foreign: lines that are no object: rules of the old form, and files that are included.
    """

    statements: tuple[Statement, ...]
    foreign: tuple[str, ...]

    def of(self, kind: str) -> tuple[Statement, ...]:
        """All objects of a kind."""
        return tuple(item for item in self.statements if item.kind == kind)


@dataclass(frozen=True)
class Delivery:
    """Bytes that the collector had acknowledged on the sender's session before and after a new record.

    Attributes:
        before: `None` where there is no session.
    """

    before: int | None
    after: int | None

    @property
    def arrived(self) -> bool:
        """Whether the collector took something since."""
        return self.after is not None and self.after > (self.before or 0)


@dataclass(frozen=True)
class Handshake:
    """What the collector and the host agreed on.

    Attributes:
        protocol: `TLSv1.3` …; empty when there was no handshake.
        verified: the name in the collector's certificate, when the certificate is good for it.
    """

    protocol: str
    verified: str


def sender(text: str) -> Sender:
    """Read /etc/rsyslog.conf.

    Raises:
        ValueError: it has no object at all.
    """
    plain = COMMENT.sub("", text)
    statements = tuple(
        Statement(kind.lower(), {name.lower(): value for name, value in PARAMETER.findall(parameters)})
        for kind, parameters in STATEMENT.findall(plain)
    )
    if not statements:
        raise ValueError("no settings")
    rest = STATEMENT.sub("", plain).splitlines()
    return Sender(statements, tuple(line.strip() for line in rest if line.strip()))


def delivery(text: str) -> Delivery:
    """Read `before=BYTES after=BYTES`; a dash stands for no session."""
    values = dict(word.split("=") for word in text.split())
    before, after = (None if values[name] == "-" else int(values[name]) for name in ("before", "after"))
    return Delivery(before, after)


def handshake(text: str) -> Handshake:
    """Read `openssl s_client -brief`, closed by a line `end`.

    Raises:
        ValueError: the end is missing.
    """
    *lines, last = text.splitlines()
    if last != "end":
        raise ValueError("the answer has no end")
    found = {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}
    good = found.get("Verification") == "OK"
    return Handshake(found.get("Protocol version", ""), found.get("Verified peername", "") if good else "")
