"""Runs the audit's test suite inside this process and hands back what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from scripts.access.auditor import AuditedDeployment
from scripts.evidence.estate import PARALLEL, open_estate
from scripts.evidence.recorder import NAME, Recorder
from scripts.evidence.target import targets
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
    tenants, hosts = tuple(tenants), tuple(hosts)
    arguments = [*(f"--tenant={name}" for name in tenants), *(f"--host={name}" for name in hosts)]
    with ThreadPoolExecutor(max_workers=PARALLEL) as pool:
        # Hosts answer while pytest collects what to make of it.
        estate = open_estate(deployment, _names(deployment, tenants, hosts), pool, with_cloud=not hosts)
        recorder = Recorder(estate, waivers, watch, tell)
        code = pytest.main([*BASE, *arguments], plugins=[_Registration(recorder)])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) or not recorder.results:
        raise VerificationError(
            say("audit.no-check", code=code), say("audit.see-why", suite=SUITE.relative_to(REPOSITORY))
        )
    return recorder


def _names(deployment: AuditedDeployment, tenants: Sequence[str], hosts: Sequence[str]) -> frozenset[str]:
    """The hosts that will be asked for."""
    return frozenset(
        target.name
        for target in targets(deployment.plan)
        if target.tenant in tenants and (not hosts or target.name in hosts)
    )


BASE = [
    str(SUITE),
    f"--config-file={REPOSITORY / 'pyproject.toml'}",
    f"--rootdir={REPOSITORY}",
    "--override-ini=addopts=",
    # What lies above the suite belongs to the project's own tests.
    f"--confcutdir={SUITE}",
    # testinfra is imported already, and findings speak for themselves.
    "--assert=plain",
    "-p",
    "no:terminal",
    "-p",
    "no:cacheprovider",
    # What is logged, and what threads and destructors raise, is no evidence; watching for it takes an eighth
    # of the processor time of an audit of one host.
    "-p",
    "no:logging",
    "-p",
    "no:unraisableexception",
    "-p",
    "no:threadexception",
]


class _Registration:
    """Registers the recorder under its name, before the suite would make one of its own."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.pluginmanager.register(self.recorder, NAME)
