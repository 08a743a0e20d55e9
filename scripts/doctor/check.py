"""What a check is, what it can look at, and how all of them are run."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from openstack.connection import Connection

from scripts.access.cloud_errors import translated
from stacks.cloud import CloudAccess
from stacks.errors import CloudError
from stacks.plan.model import Plan
from stacks.settings import Settings


@dataclass(frozen=True)
class Examination:
    """What a check may look at.

    Attributes:
        cloud: a connection as the administrator; nothing has been asked yet.
    """

    settings: Settings
    access: CloudAccess
    plan: Plan
    cloud: Connection


class Severity(StrEnum):
    """Whether the landing zone can do without it."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    MISSING = "missing"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """What a probe saw.

    Attributes:
        detail: the facts, in a few words.
        remedy: what to do; empty where all is well.
    """

    state: State
    detail: str
    remedy: str = ""


@dataclass(frozen=True)
class Check:
    """One thing that the landing zone needs.

    Attributes:
        needed_for: what does not work without it.
        local: whether it can be asked without the cloud's APIs.
    """

    id: str
    title: str
    needed_for: str
    severity: Severity
    probe: Callable[[Examination], Finding]
    local: bool = False


@dataclass(frozen=True)
class Result:
    """A check with what it found."""

    check: Check
    finding: Finding

    @property
    def fatal(self) -> bool:
        """Whether nothing can be built like this."""
        return self.finding.state is not State.OK and self.check.severity is Severity.REQUIRED


def ok(detail: str) -> Finding:
    """All is well."""
    return Finding(State.OK, detail)


def missing(detail: str, remedy: str) -> Finding:
    """Something is not there, or not as it must be."""
    return Finding(State.MISSING, detail, remedy)


def registry() -> tuple[Check, ...]:
    """Every check of `scripts.doctor.checks`, in the order of their modules' `ORDER`."""
    package = importlib.import_module("scripts.doctor.checks")
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return tuple(module.CHECK for module in sorted(modules, key=lambda module: int(module.ORDER)))


def examine(examination: Examination, checks: tuple[Check, ...]) -> Iterator[Result]:
    """Run the checks in order; after the cloud has refused the login, only the local ones still are."""
    locked_out = False
    for check in checks:
        if locked_out and not check.local:
            yield Result(check, Finding(State.SKIPPED, "not examined: the login failed"))
            continue
        finding = _probe(check, examination)
        locked_out |= check.id == "login" and finding.state is not State.OK
        yield Result(check, finding)


def _probe(check: Check, examination: Examination) -> Finding:
    try:
        with translated(examination.access.name):
            return check.probe(examination)
    except CloudError as error:
        return missing(error.what, error.hint)
