"""The doctor's own logic; what clouds answer is tested against the lab."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from openstack.config import OpenStackConfig
from openstack.connection import Connection

from scripts.doctor.check import Check, Examination, Finding, Severity, State, examine, missing, ok, registry
from scripts.doctor.checks import availability_zones, block_storage, dedicated_networks
from scripts.doctor.checks.capacity import demand
from scripts.doctor.checks.external_network import addresses_needed
from scripts.doctor.checks.log_collector import CHECK as LOG_COLLECTOR
from scripts.doctor.checks.proxy import CHECK as PROXY
from scripts.doctor.checks.toolchain import CHECK as TOOLCHAIN
from scripts.toolchain.ensure import identity
from stacks.cloud import CloudAccess
from stacks.errors import CloudError
from stacks.plan.landing_zone import plan_from_folder
from stacks.request.fields import Classification
from stacks.request.model.handling import Handling
from stacks.settings import REPOSITORY, Settings

# openstacksdk 4.22 warns on every connection of what it calls itself.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")


@pytest.fixture
def examination(tmp_path: Path) -> Examination:
    """An examination of a cloud that no check of these tests asks anything."""
    settings = Settings(tmp_path, tmp_path, "nowhere", REPOSITORY / "tenants", "file://")
    entry = tmp_path / "clouds.yaml"
    entry.write_text("clouds: {nowhere: {auth_type: none, auth: {endpoint: http://127.0.0.1:1}}}\n")
    cloud = Connection(config=OpenStackConfig(config_files=[str(entry)]).get_one(cloud="nowhere"))
    return Examination(
        settings, CloudAccess("nowhere", None, "", None), plan_from_folder(settings.tenants), cloud
    )


def _check(check_id: str, finding: Finding, *, local: bool = False) -> Check:
    return Check(check_id, check_id, "nothing", Severity.REQUIRED, lambda _: finding, local)


def test_every_check_says_what_it_is_for_and_has_its_own_id() -> None:
    checks = registry()
    assert len({check.id for check in checks}) == len(checks)
    assert all(check.title and check.needed_for for check in checks)
    assert next(check.id for check in checks if not check.local) == "login"


def test_without_a_login_only_this_machine_is_examined(examination: Examination) -> None:
    checks = (
        _check("login", missing("401", "Correct the password.")),
        _check("network", ok("fine")),
        _check("programs", ok("fine"), local=True),
    )
    results = list(examine(examination, checks))
    assert [result.finding.state for result in results] == [State.MISSING, State.SKIPPED, State.OK]
    assert [result.fatal for result in results] == [True, True, False]


def test_a_refusal_becomes_a_finding(examination: Examination) -> None:
    def refuse(_: Examination) -> Finding:
        raise CloudError("refused: 403", "Ask for the role.")

    (result,) = examine(examination, (dataclasses.replace(_check("x", ok("")), probe=refuse),))
    assert result.finding == missing("refused: 403", "Ask for the role.")


def test_what_is_optional_is_never_fatal(examination: Examination) -> None:
    optional = dataclasses.replace(_check("x", missing("gone", "do")), severity=Severity.OPTIONAL)
    (result,) = examine(examination, (optional,))
    assert result.finding.state is State.MISSING
    assert not result.fatal


def test_a_proxy_that_is_not_there_is_named(examination: Examination) -> None:
    access = dataclasses.replace(examination.access, proxy="socks5h://127.0.0.1:1")
    finding = PROXY.probe(dataclasses.replace(examination, access=access))
    assert finding.state is State.MISSING
    assert "127.0.0.1:1" in finding.detail


def test_a_toolchain_of_other_pins_is_none(examination: Examination, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    root = examination.settings.cache / "toolchain"
    (root / "0123456789abcdef").mkdir(parents=True)
    (root / "0123456789abcdef" / "source").write_text("modules")
    assert TOOLCHAIN.probe(examination).state is State.MISSING
    (root / identity()).mkdir()
    assert TOOLCHAIN.probe(examination) == ok(f"made before, in {root / identity()}")


def test_each_zone_that_a_classification_asks_for_must_be_there() -> None:
    platform = plan_from_folder(REPOSITORY / "tenants").platform.platform
    assert availability_zones.asked(platform) == {}
    sensitive = platform.handling(Classification.SENSITIVE).model_copy(
        update={"availability_zone": "secured"}
    )
    apart = {**platform.classifications, Classification.SENSITIVE: sensitive}
    wanted = availability_zones.asked(platform.model_copy(update={"classifications": apart}))
    assert wanted == {"sensitive": "secured"}
    assert availability_zones.judged(wanted, {"nova", "secured"}) == ok("secured for sensitive data")
    refused = availability_zones.judged(wanted, {"nova", "general"})
    assert refused.state is State.MISSING
    assert refused.detail == "no availability zone secured (for sensitive data); there are: general, nova"
    assert "aggregate" in refused.remedy


def test_each_volume_type_must_be_there_and_encrypted_where_it_says() -> None:
    plain, secret = Handling(volume_type="plain"), Handling(volume_type="secret", encrypted_volumes=True)
    wanted = {"public": plain, "sensitive": secret, "internal": Handling()}
    words = "plain for public data, secret for sensitive data"
    assert block_storage.judged(wanted, {"plain": False, "secret": True}) == ok(words)
    absent = block_storage.judged(wanted, {"secret": True})
    assert absent.state is State.MISSING
    assert absent.detail == "no volume type plain (for public data); there are: secret"
    open_to_all = block_storage.judged(wanted, {"plain": False, "secret": False})
    assert open_to_all.detail == "the cloud does not encrypt the volume type secret (for sensitive data)"


def test_demand_counts_every_host_and_the_bastion() -> None:
    plan = plan_from_folder(REPOSITORY / "tenants")
    hosts = [host for tenant in plan.tenants for host in tenant.hosts]
    flavors = plan.platform.platform.flavors
    bastion = flavors[plan.platform.platform.management.bastion_flavor]
    assert demand(plan)["MEMORY_MB"] == bastion.memory + sum(flavors[host.flavor].memory for host in hosts)
    assert addresses_needed(plan) >= 2 + sum(host.published for host in hosts)


@pytest.mark.parametrize(
    ("configuration", "found"),
    [
        ({"bridge-mappings": "public:br-ex,vpn:br-vpn"}, {"public", "vpn"}),
        ({"bridge-mappings": ""}, set()),
        ({"bridge_mappings": {"vpn": "br-vpn"}}, {"vpn"}),
        ({"chassis_name": "a"}, None),
    ],
)
def test_agents_say_which_physical_networks_they_carry(
    configuration: dict[str, object], found: set[str] | None
) -> None:
    assert dedicated_networks.mappings(configuration) == found


def test_every_host_must_carry_the_physical_network() -> None:
    carried, bare = frozenset({"public", "vpn"}), frozenset({"public"})
    assert (
        dedicated_networks.judged("vpn", {"a": carried, "b": carried}).detail
        == "physical network vpn on 2 of 2 hosts"
    )
    some = dedicated_networks.judged("vpn", {"a": carried, "b": bare})
    assert some.detail == "physical network vpn: 1 of 2 hosts carry it (not: b)"
    assert "network_vlan_ranges" in some.remedy
    assert "no host reports" in dedicated_networks.judged("vpn", {}).detail


def test_a_platform_without_a_log_collector_is_told_and_built_all_the_same(examination: Examination) -> None:
    assert LOG_COLLECTOR.probe(examination) == ok("log.lab.example at 198.18.0.2:6514")
    shared = examination.plan.platform
    core = shared.platform.core_services.model_copy(update={"log": None})
    shared = dataclasses.replace(shared, platform=shared.platform.model_copy(update={"core_services": core}))
    plan = dataclasses.replace(examination.plan, platform=shared)
    (result,) = examine(dataclasses.replace(examination, plan=plan), (LOG_COLLECTOR,))
    assert "records stay on the hosts" in result.finding.detail
    assert not result.fatal
