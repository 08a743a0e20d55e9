"""The raw answers of hosts, portals and cloud, as files of the evidence; nothing secret gets into them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from scripts.evidence.cloud.facts import CloudFacts
from scripts.evidence.estate import Estate
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.portal.facts import PortalFacts
from scripts.evidence.target import PLATFORM, targets
from stacks.errors import GovcloudError
from stacks.plan.digest import canonical

SECRETS: Mapping[str, re.Pattern[str]] = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a password hash": re.compile(r"\$(?:1|2[abxy]|5|6|7|y|gy|sha1|argon2id?)\$[./A-Za-z0-9$=,+-]{16,}"),
    "a token": re.compile(r"\bgAAAA[A-Za-z0-9_-]{60,}"),
    "a bearer of rights": re.compile(r"(?i)\b(?:x-auth-token|authorization)\s*[:=]\s*[^\s<]{16,}"),
    "an address with a password": re.compile(r"\b[a-z][a-z0-9+]*://[^/\s:@]+:[^/\s@]+@"),
    "a password": re.compile(
        r"(?i)(?:password|passwd|passphrase|secret|token) *[=:] *[\"']?(?=\S*\d)[^\s\"'<{]{8,}"
    ),
}
"""What no answer may hold. Questions ask for none of it; this is the second lock."""

OF_DEPLOYMENT = "a secret of this deployment"

PEOPLE = ("web_requests", "web_records")
"""Answers that name citizens by their addresses: only the audit's own requests are kept of them."""

SHORTEST = 12
"""A secret of the deployment with fewer characters would be found everywhere."""


@dataclass
class Sieve:
    """Lets answers through that hold no secret.

    Attributes:
        known: secrets of this deployment, word by word.
        withheld: what was kept back, in words.
    """

    known: frozenset[str] = frozenset()
    withheld: list[str] = field(default_factory=list)

    def clean(self, where: str, value: Any) -> Any:  # noqa: ANN401 - any JSON
        """The same data; a text with a secret is replaced by a remark."""
        if isinstance(value, Mapping):
            return {key: self.clean(f"{where}/{key}", item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.clean(where, item) for item in value]
        if isinstance(value, str) and (found := self.secret(value)):
            self.withheld.append(f"{where}: {found}")
            return f"(withheld: looks like {found})"
        return value

    def secret(self, text: str) -> str:
        """What kind of secret a text holds; empty for none."""
        if any(word in text for word in self.known):
            return OF_DEPLOYMENT
        return next((name for name, pattern in SECRETS.items() if pattern.search(text)), "")


def secrets_of(home: Path) -> frozenset[str]:
    """The words of a deployment that must not get out: its passphrases and private keys, line by line."""
    own = (path for path in (home / "keys").rglob("*") if path.suffix not in {".pub", ".crt"})
    handed_over = (home / "auditor" / name for name in ("key", "password"))
    files = (path for path in chain(own, handed_over) if path.is_file())
    lines = (line.strip() for path in files for line in path.read_text(errors="replace").splitlines())
    return frozenset(line for line in lines if len(line) >= SHORTEST and not line.startswith("-----"))


def raw_files(estate: Estate, tenants: Collection[str], sieve: Sieve) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file: what hosts, portals and cloud said, and what they had to be."""
    mine = [target for target in targets(estate.deployment.plan) if target.tenant in tenants]
    for target in mine:
        mark = _mark(estate.portals.get(target.name))
        yield (
            f"hosts/{target.name}.json",
            _document(sieve, target.name, lambda name=target.name, mark=mark: _host(estate.host(name), mark)),
        )
        if target.name in estate.portals:
            yield (
                f"portals/{target.name}.json",
                _document(
                    sieve, target.name, lambda name=target.name: _plain(PortalFacts, estate.portal(name))
                ),
            )
    yield "cloud.json", _document(sieve, "cloud", lambda: _plain(CloudFacts, estate.cloud))
    for tenant in sorted(tenants):
        plan = estate.deployment.plan
        yield f"plan/{tenant}.json", canonical(plan.platform if tenant == PLATFORM else plan.tenant(tenant))


def _document(sieve: Sieve, where: str, facts: Any) -> bytes:  # noqa: ANN401 - a function without arguments
    try:
        content = facts()
    except GovcloudError as error:
        content = {"error": error.what}
    return json.dumps(sieve.clean(where, content), ensure_ascii=False, indent=1).encode()


def _plain(kind: Any, value: object) -> Any:  # noqa: ANN401 - any of the facts
    return TypeAdapter(kind).dump_python(value, mode="json")


def _host(facts: HostFacts, mark: str) -> Any:  # noqa: ANN401 - JSON
    plain = _plain(HostFacts, facts)
    for name in PEOPLE:
        if answer := plain["answers"].get(name):
            lines = answer["out"].splitlines(keepends=True)
            answer["out"] = "".join(line for line in lines if mark and mark in line)
    return plain


def _mark(portal: Future[PortalFacts] | None) -> str:
    """The word in the audit's own requests; empty where there were none."""
    if portal is None or portal.exception() is not None:
        return ""
    return portal.result().mark
