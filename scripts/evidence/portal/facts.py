"""What the outside sees of one portal host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """An answer. `status` is 0 when there was none; `error` then says why."""

    status: int
    headers: Mapping[str, str]
    body: str
    error: str = ""

    def __str__(self) -> str:
        """The answer in one short phrase."""
        return f"status {self.status}" if self.status else f"no answer ({self.error})"


@dataclass(frozen=True)
class Handshake:
    """What came of one offer.

    Attributes:
        agreed: protocol and cipher that were agreed on; empty when there was no agreement.
        refused: whether the portal said no; an offer that got no answer was not refused.
        detail: why there was no agreement.
    """

    agreed: str
    refused: bool = False
    detail: str = ""

    def __str__(self) -> str:
        """The outcome in one short phrase."""
        return self.agreed or f"{'refused' if self.refused else 'no answer'} ({self.detail})"


@dataclass(frozen=True)
class Certificate:
    """The certificate that the portal showed.

    Attributes:
        error: why the deployment's authority does not vouch for it; empty when it does.
    """

    names: frozenset[str]
    not_after: float
    error: str


@dataclass(frozen=True)
class Attacks:
    """Answers to requests that an application firewall must stop.

    Attributes:
        mark: a random word in each of those requests, to find them in the portal's log.
    """

    answers: Mapping[str, Page]
    mark: str


@dataclass(frozen=True)
class PortalFacts:
    """What the outside sees of one portal host.

    Attributes:
        protocols: each TLS version, offered alone.
        ciphers: families of weak ciphers, offered alone.
        plain: what plain HTTP on the TLS port gives.
        port80: what plain HTTP on port 80 gives.
        attacks: answers to requests that an application firewall must stop.
        mark: a random word in each of those requests, to find them in the portal's log.
        asked_at: Unix time on the auditor's machine when all had answered; 0 where nobody noted it.
    """

    protocols: Mapping[str, Handshake]
    ciphers: Mapping[str, Handshake]
    certificate: Certificate
    plain: Page
    port80: Page
    home: Page
    search: Page
    stranger: Page
    trace: Page
    upload: Page
    attacks: Mapping[str, Page]
    hidden: Mapping[str, Page]
    mark: str
    asked_at: float = 0.0
