"""The audit's fixtures: what is audited, and the facts that the checks judge.

Run `pytest tests/audit` (everything), with `--tenant ID` or `--host NAME` (several times each). The audit
reads the deployment that the environment names; it changes nothing on hosts and in the cloud.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import pytest

from scripts.access.auditor import open_audit
from scripts.evidence import dossier, recorder
from scripts.evidence.cloud.facts import CloudFacts
from scripts.evidence.estate import PARALLEL, Estate, open_estate
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.portal.facts import PortalFacts
from scripts.evidence.target import PLATFORM, Target, planned_rules, targets
from scripts.evidence.waiver import Decision, read_waivers
from stacks.plan.landing_zone import plan_from_folder
from stacks.plan.model import Plan, PlatformPlan
from stacks.settings import Settings

ESTATE = pytest.StashKey[Estate]()

CHOSEN = pytest.StashKey[frozenset[str]]()

NOBODY = "nobody"
"""Stands for the host of a check that concerns none of those that were asked for."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("govcloud audit")
    group.addoption(
        "--tenant", action="append", dest="audit_tenants", help="audit this tenant, or `platform`; repeatable"
    )
    group.addoption(
        "--host", action="append", dest="audit_hosts", help="audit this host, by its plan name; repeatable"
    )


def pytest_configure(config: pytest.Config) -> None:
    if not config.pluginmanager.has_plugin(recorder.NAME):
        config.pluginmanager.register(recorder.Recorder(waivers=waivers()), recorder.NAME)
    # openstacksdk warns of its own future in its own code.
    for release in ("50", "60"):
        config.addinivalue_line("filterwarnings", f"ignore::openstack.warnings.RemovedInSDK{release}Warning")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Without waivers there is nothing to say of them; `None` leaves the decision to others."""
    return True if collection_path.name == "test_waivers.py" and not waivers() else None


@lru_cache
def planned() -> Plan:
    """The plan, read once at collection; it needs neither cloud nor hosts."""
    settings = Settings.from_environment()
    return plan_from_folder(settings.tenants, settings.today)


def waivers() -> tuple[Decision, ...]:
    """What may fail, by decision."""
    settings = Settings.from_environment()
    return read_waivers(settings.waivers, planned(), settings.today)


def chosen(config: pytest.Config) -> frozenset[str]:
    """Names of the hosts that were asked for."""
    if CHOSEN not in config.stash:
        config.stash[CHOSEN] = _chosen(config)
    return config.stash[CHOSEN]


def _chosen(config: pytest.Config) -> frozenset[str]:
    plan, tenants = planned(), config.getoption("audit_tenants", None)
    hosts = config.getoption("audit_hosts", None)
    known = {target.name: target for target in targets(plan)}
    ids = (PLATFORM, *(item.id for item in plan.tenants))
    unknown = {*(hosts or ())} - {*known} | {*(tenants or ())} - {*ids}
    if unknown:
        raise pytest.UsageError(
            f"the plan has no {', '.join(sorted(unknown))}; "
            f"hosts: {', '.join(known)}; tenants: {', '.join(ids)}"
        )
    return frozenset(
        name
        for name, target in known.items()
        if (not tenants or target.tenant in tenants) and (not hosts or name in hosts)
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A check for each host that was asked for; making those of all others takes longer than an audit."""
    if "target" in metafunc.fixturenames:
        portals_only, names = metafunc.module.__name__.endswith("test_portal"), chosen(metafunc.config)
        audited = [
            target
            for target in targets(planned())
            if target.name in names and (target.is_portal or not portals_only)
        ]
        if metafunc.function.__name__ == "test_rule_in_force":
            rows = [(target, row) for target in audited for row in planned_rules(target)]
            ids = [f"{target.name}-{row.name}" for target, row in rows]
            metafunc.parametrize(
                ("target", "row"), rows or [(NOBODY, NOBODY)], ids=ids or None, scope="session"
            )
        else:
            ids = [target.name for target in audited]
            metafunc.parametrize("target", audited or [NOBODY], ids=ids or None, scope="session")
    if metafunc.module.__name__.endswith("test_waivers"):
        decisions = waivers()
        metafunc.parametrize("row", decisions, ids=[item.name for item in decisions], scope="session")
    if "tenant" in metafunc.fixturenames:
        tenants = planned().tenants
        metafunc.parametrize("tenant", tenants, ids=[tenant.id for tenant in tenants], scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was not asked for: whole tenants in silence, single hosts as a choice."""
    tenants, hosts = config.getoption("audit_tenants", None), config.getoption("audit_hosts", None)
    items[:] = [
        item
        for item in items
        if _target(item) is not NOBODY and (not tenants or recorder.tenant_of(item) in tenants)
    ]
    if hosts:
        kept = [item for item in items if _target(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def _target(item: pytest.Item) -> Target | str | None:
    found = getattr(item, "callspec", None)
    return found.params.get("target") if found else None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
    return recorder.short_report(item, call)


@pytest.fixture(scope="session")
def estate(request: pytest.FixtureRequest) -> Iterator[Estate]:
    """All facts of the chosen hosts and of the cloud, gathered side by side."""
    wanted = {target.name for item in request.session.items if isinstance(target := _target(item), Target)}
    asked = any("cloud" in getattr(item, "fixturenames", ()) for item in request.session.items)
    plugin = request.config.pluginmanager.get_plugin(recorder.NAME)
    if plugin and plugin.estate:
        request.config.stash[ESTATE] = plugin.estate
        yield plugin.estate
        return
    with ThreadPoolExecutor(max_workers=PARALLEL) as pool:
        found = open_estate(open_audit(Settings.from_environment()), wanted, pool, with_cloud=asked)
        request.config.stash[ESTATE] = found
        yield found


@pytest.fixture(scope="session")
def plan(estate: Estate) -> Plan:
    """The plan of the deployment."""
    return estate.deployment.plan


@pytest.fixture(scope="session")
def plan_of_platform(plan: Plan) -> PlatformPlan:
    """The plan of what is shared."""
    return plan.platform


@pytest.fixture
def cloud(estate: Estate) -> CloudFacts:
    """What the cloud says of itself."""
    return estate.cloud


@pytest.fixture
def facts(target: Target, estate: Estate) -> HostFacts:
    """What the host says of itself."""
    return estate.host(target.name)


@pytest.fixture
def own_kernel(facts: HostFacts) -> HostFacts:
    """The facts of a host that has a kernel of its own."""
    if not facts.own_kernel:
        pytest.skip("the host is a container: this setting belongs to the machine below it")
    return facts


@pytest.fixture
def portal(target: Target, estate: Estate) -> PortalFacts:
    """What the outside sees of a portal host."""
    return estate.portal(target.name)


@pytest.fixture
def login(plan: Plan) -> str:
    """The account that operators use."""
    return plan.platform.platform.cloud.image_user


@pytest.fixture
def operator_keys(estate: Estate) -> frozenset[str]:
    """The only keys that hosts may accept."""
    return estate.deployment.operator_keys


@pytest.fixture
def auditor_keys(estate: Estate) -> frozenset[str]:
    """The only keys that the auditor's account may accept."""
    return estate.deployment.auditor_keys


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the evidence of every tenant that was audited as a whole."""
    found = session.config.stash.get(ESTATE, None)
    plugin = session.config.pluginmanager.get_plugin(recorder.NAME)
    if found is not None and plugin is not None:
        plugin.written = dossier.write(found, plugin)
