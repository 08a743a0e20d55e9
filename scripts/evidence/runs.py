"""Runs of the audit: each has a folder of its own that never changes again; the newest ones are linked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from scripts.evidence.results import Evidence, Provenance
from stacks.errors import RequestError
from stacks.language import say
from stacks.request.diagnostics import did_you_mean
from stacks.settings import Settings

SUMMARY, DATA = "run.json", "evidence.json"
RUNS, LATEST, PICTURES = "runs", "latest", "pictures"


@dataclass(frozen=True)
class TenantSummary:
    """One tenant in one run.

    Attributes:
        plan: SHA-256 of the plan that it was compared with.
        counts: results by outcome.
        controls: controls by state.
    """

    tenant: str
    name_en: str
    name_zh: str
    plan: str
    passed: bool
    hosts: int
    counts: dict[str, int]
    controls: dict[str, int]


@dataclass(frozen=True)
class Run:
    """One run, as its `run.json` tells.

    Attributes:
        id: time and commit, which is the name of its folder too.
        before: the run that changes were told against; empty for the first.
        withheld: answers that were kept out of the raw files, and why.
    """

    id: str
    provenance: Provenance
    tenants: tuple[TenantSummary, ...]
    before: str
    withheld: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every tenant of it passed."""
        return all(tenant.passed for tenant in self.tenants)

    def count(self, outcome: str) -> int:
        """How many results of all tenants ended so."""
        return sum(tenant.counts.get(outcome, 0) for tenant in self.tenants)


def root(settings: Settings) -> Path:
    """Where all evidence lies."""
    return settings.home / "evidence"


def folder(settings: Settings, run: Run) -> Path:
    """Where a run lies."""
    return root(settings) / RUNS / run.id


def pictures(settings: Settings, tenant: str) -> Path:
    """Where pictures of a tenant's portals lie; no run's folder is written to again."""
    return root(settings) / PICTURES / tenant


def run_id(started: datetime, commit: str) -> str:
    """For example `20261122T080000Z-c3420e5c`; a `+` at the end says that files differ from the commit."""
    word = commit.split(maxsplit=1)[0].rstrip(":,")
    short = word[:8] if word.removesuffix("+changes").isalnum() else "unknown"
    return f"{started:%Y%m%dT%H%M%SZ}-{short}{'+' if 'changes' in commit else ''}"


def runs(settings: Settings) -> tuple[Run, ...]:
    """Every run that is kept, the oldest first."""
    found = (_read(path) for path in (root(settings) / RUNS).glob(f"*/{SUMMARY}"))
    known = (run for run in found if run is not None)
    return tuple(sorted(known, key=lambda run: (run.provenance.started, len(run.id), run.id)))


def find(settings: Settings, name: str) -> Run:
    """The run that a person names: its id, the beginning of it, or `latest`.

    Raises:
        RequestError: there is no such run, or several begin so.
    """
    known = runs(settings)
    fitting = [run for run in known if run.id.startswith(name)] if name != LATEST else list(known[-1:])
    fitting = [run for run in fitting if run.id == name] or fitting
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise RequestError(say("runs.several", count=len(fitting), name=name), say("runs.write-more"))
    ids = [run.id for run in known]
    hint = did_you_mean(name, ids) if ids else say("runs.make-one")
    raise RequestError(say("runs.unknown", name=name, hint=hint))


def evidence_of(settings: Settings, run: Run) -> tuple[Evidence, ...]:
    """The evidence of every tenant of a run.

    Raises:
        RequestError: it is damaged, or of another form.
    """
    place = folder(settings, run)
    adapter = TypeAdapter(Evidence)
    try:
        return tuple(adapter.validate_json((place / item.tenant / DATA).read_bytes()) for item in run.tenants)
    except (OSError, ValidationError) as error:
        raise RequestError(say("runs.unreadable", run=run.id), say("runs.verify", place=place)) from error


def before(known: Sequence[Run], tenants: Iterable[str]) -> Run | None:
    """The newest run with all of these tenants, or else with any of them."""
    wanted = set(tenants)
    shared = [(run, wanted & {item.tenant for item in run.tenants}) for run in known]
    whole = [run for run, common in shared if common == wanted]
    some = [run for run, common in shared if common]
    return next(reversed(whole or some), None)


def link(settings: Settings, run: Run) -> None:
    """Let `latest` and each of its tenants' names lead to this run."""
    place = root(settings)
    _link(place / LATEST, Path(RUNS) / run.id)
    for tenant in run.tenants:
        if tenant.tenant in (RUNS, LATEST, PICTURES):
            continue  # its pages are found through the run
        _link(place / tenant.tenant, Path(RUNS) / run.id / tenant.tenant)


def _link(path: Path, target: Path) -> None:
    """In one step; what an earlier release kept under the name is kept beside it."""
    if path.is_dir() and not path.is_symlink():
        path.rename(path.with_name(f"{path.name}.before-runs"))
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    part.symlink_to(target)
    part.replace(path)


@cache
def _adapter() -> TypeAdapter[Run]:
    """Made once: it takes longer than to read a run."""
    return TypeAdapter(Run)


def _read(path: Path) -> Run | None:
    """A damaged summary is no run; `govcloud verify` says what is wrong with its folder."""
    try:
        return _adapter().validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
