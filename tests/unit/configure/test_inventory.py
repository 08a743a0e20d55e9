"""The inventory says what the plan says: nothing lost, nothing added, nothing secret."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.access.ssh import BASTION
from scripts.configure.inventory import Controller, Scope, groups_of, inventory, language
from scripts.evidence.waiver import Decision, Waiver
from stacks.errors import CloudError
from stacks.outputs import TenantOutputs, VolumeOutputs
from stacks.plan.model import Plan
from tests import wired


def everything(plan: Plan) -> Scope:
    return Scope(tuple(tenant.id for tenant in plan.tenants), platform=True)


def test_it_is_pure(plan: Plan, built: dict[str, TenantOutputs], controller: Controller) -> None:
    before = copy.deepcopy((plan, built))
    first = inventory(plan, built, everything(plan), controller)
    assert inventory(plan, built, everything(plan), controller) == first
    assert (plan, built) == before


def test_every_host_has_exactly_the_rules_of_the_plan(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    hosts = inventory(plan, built, everything(plan), controller)["all"]["hosts"]
    for tenant in plan.tenants:
        for host in tenant.hosts:
            found = {
                (rule["direction"], rule["protocol"], rule["port"], rule["remote"])
                for rule in hosts[host.name]["firewall_rules"]
            }
            wanted = {(str(r.direction), r.protocol, r.port, str(r.remote)) for r in host.rules}
            assert found == wanted
    assert len(hosts) == 1 + sum(len(tenant.hosts) for tenant in plan.tenants)


def test_only_the_bastion_forwards(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    hosts = inventory(plan, built, everything(plan), controller)["all"]["hosts"]
    assert [name for name, variables in hosts.items() if "ssh_forwarding" in variables] == [BASTION]
    rules = {rule["key"] for rule in hosts[BASTION]["firewall_rules"]}
    assert rules == {rule.key for rule in plan.platform.management.bastion_security_group.rules}


def test_every_host_logs_at_the_level_of_its_class(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    secret = plan.tenant("taihe-office")
    secret = replace(secret, placement=replace(secret.placement, log_level="full"))
    others = tuple(tenant for tenant in plan.tenants if tenant.id != secret.id)
    changed = replace(plan, tenants=(secret, *others))
    hosts = inventory(changed, built, everything(changed), controller)["all"]["hosts"]
    full = {name for name, variables in hosts.items() if variables["log_level"] == "full"}
    assert full == {BASTION, *(host.name for host in secret.hosts)}


def test_a_waiver_sets_variables_on_its_hosts_until_its_day(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    def levels(on: date) -> set[str]:
        found = inventory(plan, built, everything(plan), controller, [Decision("a", waiver, on)])
        return {name for name, values in found["all"]["hosts"].items() if values["log_level"] == "waived"}

    waiver = Waiver(
        sets={"log_level": "waived"}, tenants=("taihe-office",), hosts=(BASTION,), reason="r", decided_by="d",
        since=date(2026, 11, 1), until=date(2026, 11, 30),
    )  # fmt: skip
    assert levels(date(2026, 11, 30)) == {BASTION, "taihe-office-oa-1"}
    assert levels(date(2026, 12, 1)) == set()


def test_hosts_of_other_tenants_stay_out(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    content = inventory(plan, built, Scope(("taihe-office",)), controller)
    assert list(content["all"]["hosts"]) == ["taihe-office-oa-1"]
    assert all(list(group["hosts"]) == ["taihe-office-oa-1"] for group in content["all"]["children"].values())


def test_groups_are_tenant_zone_and_workload(plan: Plan) -> None:
    assert groups_of(plan, Scope(("xiangyang-portal",)))["xiangyang-portal-web-1"] == (
        "tenant_xiangyang_portal",
        "zone_portal",
        "workload_portal",
    )


def test_a_portal_is_named_by_its_hostname_and_its_floating_address(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    hosts = inventory(plan, built, Scope(("xiangyang-portal",)), controller)["all"]["hosts"]
    web = hosts["xiangyang-portal-web-1"]
    assert web["portal_hostnames"] == ["www.xiangyang.example"]
    assert web["portal_addresses"] == [built["xiangyang-portal"].hosts["web-1"].floating_address]
    assert "portal_hostnames" not in hosts["xiangyang-portal-oa-1"]


def test_a_host_knows_its_volumes_by_what_the_cloud_calls_them(
    built: dict[str, TenantOutputs], controller: Controller
) -> None:
    plan, name = wired.plan(), f"{wired.TENANT}-oa-1"
    there = built[wired.TENANT]
    with pytest.raises(CloudError, match=f"{name} has not been built"):
        inventory(plan, built, Scope((wired.TENANT,)), controller)
    volume = VolumeOutputs(id="0f0e9d4c", device="/dev/vdb")
    host = there.hosts["oa-1"].model_copy(update={"volumes": {"files": volume}})
    now = {**built, wired.TENANT: there.model_copy(update={"hosts": {**there.hosts, "oa-1": host}})}
    hosts = inventory(plan, now, Scope((wired.TENANT,)), controller)["all"]["hosts"]
    assert hosts[name]["volumes_attached"] == [
        {
            "id": "0f0e9d4c",
            "device": "/dev/vdb",
            "size": 5,
            "mount": "/srv/files",
            "options": ["nodev", "nosuid", "noexec"],
        }
    ]
    assert [name for name, variables in hosts.items() if "volumes_attached" in variables] == [name]


def test_a_tenant_that_is_not_built_is_named(plan: Plan, controller: Controller) -> None:
    with pytest.raises(CloudError, match="taihe-office-oa-1 has not been built") as error:
        inventory(plan, {}, Scope(("taihe-office",)), controller)
    assert "govcloud up taihe-office" in error.value.hint


def test_the_authority_is_named_by_path_only(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    controller.authority_key.write_text("the secret itself")
    text = json.dumps(inventory(plan, built, everything(plan), controller))
    assert str(controller.authority_key) in text
    assert "the secret itself" not in text


@given(
    st.text(st.characters(max_codepoint=0x2E7F)), st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
)
def test_one_chinese_character_makes_a_text_chinese(text: str, character: str) -> None:
    assert language(text) == "en"
    assert language(text + character) == "zh-CN"


def test_hosts_know_the_collector_where_there_is_one(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    def variables(of: Plan) -> dict[str, object]:
        shared = inventory(of, built, everything(of), controller)["all"]["vars"]
        return {name: value for name, value in shared.items() if name.startswith("remote_log_")}

    log = plan.platform.platform.core_services.log
    assert log is not None
    assert variables(plan) == {
        "remote_log_address": str(log.address),
        "remote_log_port": log.port,
        "remote_log_name": log.name,
        "remote_log_authority": str(controller.authority_certificate),
    }
    core = plan.platform.platform.core_services.model_copy(update={"log": None})
    platform = plan.platform.platform.model_copy(update={"core_services": core})
    assert variables(replace(plan, platform=replace(plan.platform, platform=platform))) == {}
