"""What evidence is bound to: the commit of requests and checks, and the versions of everything used."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from scripts.evidence.estate import Estate
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.results import HostSummary, Provenance
from scripts.evidence.target import Target
from stacks.errors import GovcloudError
from stacks.settings import REPOSITORY, Settings

TOOLS = ("govcloud", "pytest", "pytest-testinfra", "openstacksdk", "httpx", "ansible-core")

WATCHED = (
    "tests/audit",
    "policies",
    "scripts",
    "stacks",
    "tenants",
    "playbooks",
    "requirements.lock",
    "pyproject.toml",
)
"""What decides how hosts and cloud are built and judged."""

PACKAGES = {
    "OpenSSH": "openssh-server",
    "nftables": "nftables",
    "sudo": "sudo",
    "chrony": "chrony",
    "nginx": "nginx",
    "ModSecurity": "libmodsecurity3",
    "Core Rule Set": "modsecurity-crs",
}
"""Packages whose version matters to who judges a host."""

CLOUD, OWN_KERNEL, SHARED_KERNEL = LABELS = "cloud", "own kernel", "container on kernel"
"""What is versioned and has no name of its own."""


def provenance(estate: Estate, started: datetime) -> Provenance:
    """Where the evidence of this run comes from."""
    plan, settings = estate.deployment.plan, estate.deployment.settings
    tools = {name: version(name) for name in TOOLS}
    return Provenance(
        institution=plan.platform.platform.name,
        cloud=settings.cloud,
        commit=commit(settings),
        started=started,
        finished=datetime.now(UTC),
        tools={
            "Python": platform.python_version(),
            **tools,
            **estate.deployment.programs,
            **_cloud(estate),
        },
    )


def _cloud(estate: Estate) -> Mapping[str, str]:
    try:
        return {CLOUD: estate.cloud.release}
    except GovcloudError:
        return {}


def commit(settings: Settings) -> str:
    """The commit of checks, roles and requests; requests and waivers that lie elsewhere are named."""
    elsewhere = (
        f", {what} of {place}"
        for what, place in (("requests", settings.tenants), ("waivers", settings.waivers))
        if not place.is_relative_to(REPOSITORY)
    )
    found = head()
    return found + "".join(elsewhere) if found else "unknown: not a Git checkout"


def head(root: Path = REPOSITORY) -> str:
    """The commit of a checkout; `+changes` when files that matter differ from it; empty where there is none.

    Args:
        root: the checkout's top folder.
    """
    found = _git(root, "rev-parse", "HEAD")
    changed = found and _git(root, "status", "--porcelain", "--", *WATCHED)
    return f"{found}+changes" if changed else found


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, text=True, check=False, timeout=20
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def host_summary(estate: Estate, target: Target) -> HostSummary:
    """One audited host; without software and time when it could not be reached."""
    try:
        facts = estate.host(target.name)
        software, seconds = _software(facts), facts.seconds
    except (GovcloudError, AssertionError):
        software, seconds = {}, 0.0
    return HostSummary(target.name, str(target.address), target.side, software, seconds)


def _software(facts: HostFacts) -> Mapping[str, str]:
    found = {label: facts.packages[name] for label, name in PACKAGES.items() if name in facts.packages}
    kind = OWN_KERNEL if facts.own_kernel else SHARED_KERNEL
    return {"Debian": facts.release.version, kind: facts.release.kernel, **found}
