"""A whole audit without a cloud: recorded facts, invented results."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar, cast

from scripts.access.auditor import AuditedDeployment, AuditorFolder
from scripts.evidence.catalogue import read_catalogue
from scripts.evidence.estate import Estate
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.mutations import read_proofs
from scripts.evidence.page import Subject
from scripts.evidence.recorder import Recorder, asked
from scripts.evidence.results import Evidence, HostSummary, Outcome, Provenance, Result, Told
from scripts.evidence.said import chinese, title
from scripts.evidence.target import PLATFORM
from scripts.evidence.waiver import Decision, apply, read_waivers
from stacks.cloud import CloudAccess
from stacks.errors import HostError
from stacks.settings import Settings
from tests.unit.evidence.checks import CHECKS
from tests.unit.evidence.recording import HOST, recording

T = TypeVar("T")

TENANT = "xiangyang-portal"
NOW = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
ORIGIN = Provenance("Xiangyang government cloud", "lab", "0" * 40, NOW, NOW, {"pytest": "9"})
CONTROL = "8.1.4.4-b"

FAILING = frozenset({"packages/no_pending_upgrades", "platform/no_undeclared_way_in"})
"""What fails in the newer of the two runs that tests look at."""

BORNE = "ssh/setting[maxsessions]"
"""What fails in that run on one host, and may."""

FOUND = ("no newer version in the source", "openssl", "apt-get upgrade, or wait for the night.")
"""What is told of it: expected, observed, what to do."""


def result(outcome: Outcome, host: str = "web-1", check: str = "one_foot", observed: str = "two") -> Result:
    return Result(
        "tenant", host, "network", check, "The host has one foot.", (CONTROL,), outcome,
        expected="one", observed=observed, do="Mend it.",
    )  # fmt: skip


def evidence(*results: Result) -> Evidence:
    hosts = (HostSummary("web-1", "10.64.0.4", "external", {"Debian": "12.1"}, 2.0),)
    return Evidence("tenant", "Tenant & co", "租户", 3, "a" * 64, ORIGIN, hosts, results)


def subject(*everything: Evidence) -> Subject:
    """What the pages of a first run are made of."""
    return Subject(
        run="20261121T220000Z-00000000",
        everything=everything,
        catalogue=read_catalogue(),
        plan=recording().plan,
        changes=(),
        before="",
        replanned=frozenset(),
        fingerprint="SHA256:none",
        withheld=(),
        decisions=(),
        proofs=read_proofs(),
    )


def settings_of(home: Path) -> Settings:
    return Settings(home, home / "cache", "lab", home / "tenants", "", today=date(2026, 11, 21))


def estate_of(home: Path) -> Estate:
    """The recorded deployment; its second portal host does not answer."""
    found = recording()
    deployment = AuditedDeployment(
        settings_of(home),
        found.plan,
        AuditorFolder(home / "auditor"),
        cast(CloudAccess, None),
        home / "ssh_config",
        {},
    )
    others = [host.name for host in found.plan.tenant(TENANT).hosts if host.name != HOST]
    silent: Future[HostFacts] = Future()
    silent.set_exception(HostError("host cannot be reached: no route."))
    return Estate(
        deployment,
        hosts={HOST: done(found.facts), **dict.fromkeys(["bastion", *others], silent)},
        portals={HOST: done(found.portal)},
        all_cloud=done(found.cloud),
    )


def done(value: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(value)
    return future


def recorder_of(
    *,
    failing: frozenset[str] = frozenset(),
    waivers: tuple[Decision, ...] = (),
    started: datetime = NOW,
    tenants: tuple[str, ...] = (TENANT, PLATFORM),
) -> Recorder:
    """A recorder with a result for every check.

    Args:
        failing: names, as `area/check`, of checks that fail.
        waivers: what fails too, and may.
    """
    results = [item for tenant in tenants for item in _results(tenant, failing, waivers)]
    selected = {tenant: sum(item.tenant == tenant for item in results) for tenant in tenants}
    return Recorder(started=started, waivers=waivers, results=results, selected=selected)


def decisions(folder: Path) -> tuple[Decision, ...]:
    """Two waivers, read from files: one of a check, and one that only sets a variable."""
    folder.mkdir()
    since, until = NOW.date() - timedelta(20), NOW.date() + timedelta(200)
    signed = f"decided_by: Wang Fang\nsince: {since}\nuntil: {until}\n"
    one = f"# Asked for on paper.\nchecks: ['{BORNE}']\nhosts: [{HOST}]\nreason: 扫描器需要十二个会话。\n"
    other = f"sets: {{logging_disk_free: 128M}}\ntenants: [{TENANT}]\nreason: 磁盘较小。\n"
    (folder / "scanner.yaml").write_text(one + signed, encoding="utf-8")
    (folder / "small-disk.yaml").write_text(other + signed, encoding="utf-8")
    return read_waivers(folder, recording().plan, NOW.date())


def _results(tenant: str, failing: frozenset[str], waivers: tuple[Decision, ...]) -> list[Result]:
    hosts = [host.name for host in recording().plan.tenant(TENANT).hosts] if tenant == TENANT else ["bastion"]
    found = []
    for check in CHECKS:
        area, _, name = check.name.partition("/")
        if area in {"platform", "tenant", "tenant_borders"} and (area == "platform") != (tenant == PLATFORM):
            continue
        if area == "waivers":
            continue  # one for each file, of which this run has none
        bad = check.name in failing
        doc = (check.function.__doc__ or "").partition("\n")[0]
        about = title(doc, check.row.phrase if check.row else "")
        texts = FOUND if bad else ("", "", "")
        one = Result(
            tenant, "", area, name, str(about), check.controls,
            Outcome.FAILED if bad else Outcome.PASSED, *texts, zh=Told(about.chinese, *map(chinese, texts)),
            asked=asked(area, check.arguments),
        )  # fmt: skip
        of_cloud = "cloud" in check.arguments
        here = [host for host in hosts if host == HOST or "portal" not in check.arguments]
        found += [one] if of_cloud else [_borne(replace(one, host=host), waivers) for host in here]
    return found


def _borne(one: Result, waivers: tuple[Decision, ...]) -> Result:
    failed = replace(one, outcome=Outcome.FAILED, observed="12")
    return apply(failed if any(item.covers(one) for item in waivers) else one, waivers)


def later(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)
