"""What an audit found: one result for each check on each host, and what binds it to its subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stacks.language import Language


class Outcome(StrEnum):
    """How one check ended. Only `passed` is evidence for a control."""

    PASSED = "passed"
    FAILED = "failed"
    WAIVED = "waived"
    ERROR = "could not be checked"
    NOT_APPLICABLE = "not applicable here"

    @property
    def bad(self) -> bool:
        """Whether the audit fails by it."""
        return self in (Outcome.FAILED, Outcome.ERROR)


@dataclass(frozen=True)
class Told:
    """What a result says, in one language.

    Attributes:
        title: the check in one sentence.
        observed: what was seen, for a bad outcome; the reason, for one that is not applicable.
        waiver: for a waived outcome: which waiver, who decided it, until when, and why.
    """

    title: str
    expected: str = ""
    observed: str = ""
    do: str = ""
    waiver: str = ""


@dataclass(frozen=True)
class Result:
    """One check on one host, or on the cloud.

    Attributes:
        host: the host's name; empty for a check of the cloud.
        area: the test module's subject, for example `ssh`.
        check: name of the test function; the same on every host.
        title: this and the other texts are what `Told` says of them, in English.
        controls: ids of the catalogue.
        seconds: time of the check itself, without gathering.
        zh: the texts in Chinese; `None` in evidence of an earlier release.
        asked: who answered what was judged: `hosts`, `portals`, `cloud`, `waivers`.
        collected: when the last of them had answered; `None` where that was not noted.
    """

    tenant: str
    host: str
    area: str
    check: str
    title: str
    controls: tuple[str, ...]
    outcome: Outcome
    expected: str = ""
    observed: str = ""
    do: str = ""
    seconds: float = 0.0
    waiver: str = ""
    zh: Told | None = None
    asked: tuple[str, ...] = ()
    collected: datetime | None = None

    def told(self, language: str) -> Told:
        """The texts in a language; in English where there is no Chinese."""
        if language == Language.ZH and self.zh:
            return self.zh
        return Told(self.title, self.expected, self.observed, self.do, self.waiver)


@dataclass(frozen=True)
class HostSummary:
    """A host that was audited.

    Attributes:
        software: what runs there, by name: Debian, kernel, OpenSSH …
        seconds: how long the host took to answer.
    """

    name: str
    address: str
    side: str
    software: Mapping[str, str]
    seconds: float


@dataclass(frozen=True)
class Provenance:
    """What the evidence is bound to.

    Attributes:
        commit: commit of the requests and checks; ends in `+changes` when files differ from it.
        tools: versions on the auditor's machine; of Pulumi and its provider, what these
            said of themselves on the operators' machine at the last deployment.
    """

    institution: str
    cloud: str
    commit: str
    started: datetime
    finished: datetime
    tools: Mapping[str, str]


@dataclass(frozen=True)
class Evidence:
    """The whole audit of one tenant, or of the platform.

    Attributes:
        plan: SHA-256 of the plan that it was compared with (`stacks.plan.digest`).
    """

    tenant: str
    name_en: str
    name_zh: str
    level: int
    plan: str
    provenance: Provenance
    hosts: tuple[HostSummary, ...]
    results: tuple[Result, ...]

    @property
    def bad(self) -> tuple[Result, ...]:
        """The results by which the audit fails."""
        return tuple(result for result in self.results if result.outcome.bad)

    @property
    def passed(self) -> bool:
        """Whether the tenant passes: something was checked, and nothing is bad."""
        return not self.bad and any(result.outcome is Outcome.PASSED for result in self.results)

    def count(self, outcome: Outcome, host: str | None = None) -> int:
        """How many results ended so, on one host or everywhere."""
        return sum(
            result.outcome is outcome for result in self.results if host is None or result.host == host
        )
