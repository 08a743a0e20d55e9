"""Runs the audit's test suite inside this process and hands back what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from scripts.access.auditor import AuditedDeployment
from scripts.evidence.recorder import NAME, Recorder
from scripts.evidence.waiver import read_waivers
from stacks.errors import VerificationError
from stacks.language import say
from stacks.settings import REPOSITORY

SUITE = REPOSITORY / "tests" / "audit"


def audit(
    deployment: AuditedDeployment,
    tenants: Iterable[str],
    hosts: Iterable[str],
    watch: Callable[[int], None],
    tell: Callable[[str], None] = lambda _: None,
) -> Recorder:
    """Audit tenants of a deployment, or single hosts of them.

    Args:
        tenants: ids, or `platform` for what is shared.
        hosts: plan names; none means every host.
        watch: told the number of results so far, after each.
        tell: told in words what is done after the last check.

    Raises:
        VerificationError: the suite could not run at all.
        RequestError: a waiver is wrong.
    """
    settings = deployment.settings
    waivers = read_waivers(settings.waivers, deployment.plan, settings.today)
    recorder = Recorder(deployment, waivers, watch, tell)
    arguments = [*(f"--tenant={name}" for name in tenants), *(f"--host={name}" for name in hosts)]
    code = pytest.main([*BASE, *arguments], plugins=[_Registration(recorder)])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) or not recorder.results:
        raise VerificationError(
            say("audit.no-check", code=code), say("audit.see-why", suite=SUITE.relative_to(REPOSITORY))
        )
    return recorder


BASE = [
    str(SUITE),
    f"--config-file={REPOSITORY / 'pyproject.toml'}",
    f"--rootdir={REPOSITORY}",
    "--override-ini=addopts=",
    # testinfra is imported already, and findings speak for themselves.
    "--assert=plain",
    "-p",
    "no:terminal",
    "-p",
    "no:cacheprovider",
]


class _Registration:
    """Registers the recorder under its name, before the suite would make one of its own."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.pluginmanager.register(self.recorder, NAME)
