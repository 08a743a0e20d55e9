"""The inventory says what the plan says: nothing lost, nothing added, nothing secret."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.configure.inventory import Controller, groups_of, inventory, language
from stacks.errors import CloudError
from stacks.outputs import TenantOutputs
from stacks.plan.model import Plan


def every_tenant(plan: Plan) -> list[str]:
    return [tenant.id for tenant in plan.tenants]


def test_it_is_pure(plan: Plan, built: dict[str, TenantOutputs], controller: Controller) -> None:
    before = copy.deepcopy((plan, built))
    first = inventory(plan, built, every_tenant(plan), controller)
    assert inventory(plan, built, every_tenant(plan), controller) == first
    assert (plan, built) == before


def test_every_host_has_exactly_the_rules_of_the_plan(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    hosts = inventory(plan, built, every_tenant(plan), controller)["all"]["hosts"]
    for tenant in plan.tenants:
        for host in tenant.hosts:
            found = {
                (rule["direction"], rule["protocol"], rule["port"], rule["remote"])
                for rule in hosts[host.name]["firewall_rules"]
            }
            wanted = {(str(r.direction), r.protocol, r.port, str(r.remote)) for r in host.rules}
            assert found == wanted
    assert len(hosts) == sum(len(tenant.hosts) for tenant in plan.tenants)


def test_hosts_of_other_tenants_stay_out(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    content = inventory(plan, built, ["taihe-office"], controller)
    assert list(content["all"]["hosts"]) == ["taihe-office-oa-1"]
    assert all(list(group["hosts"]) == ["taihe-office-oa-1"] for group in content["all"]["children"].values())


def test_groups_are_tenant_zone_and_workload(plan: Plan) -> None:
    assert groups_of(plan, ["xiangyang-portal"])["xiangyang-portal-web-1"] == (
        "tenant_xiangyang_portal",
        "zone_portal",
        "workload_portal",
    )


def test_a_portal_is_named_by_its_hostname_and_its_floating_address(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    hosts = inventory(plan, built, ["xiangyang-portal"], controller)["all"]["hosts"]
    web = hosts["xiangyang-portal-web-1"]
    assert web["portal_hostnames"] == ["www.xiangyang.example"]
    assert web["portal_addresses"] == [built["xiangyang-portal"].hosts["web-1"].floating_address]
    assert "portal_hostnames" not in hosts["xiangyang-portal-oa-1"]


def test_a_tenant_that_is_not_built_is_named(plan: Plan, controller: Controller) -> None:
    with pytest.raises(CloudError, match="taihe-office-oa-1 has not been built") as error:
        inventory(plan, {}, ["taihe-office"], controller)
    assert "govcloud up taihe-office" in error.value.hint


def test_the_authority_is_named_by_path_only(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    controller.authority_key.write_text("the secret itself")
    text = json.dumps(inventory(plan, built, every_tenant(plan), controller))
    assert str(controller.authority_key) in text
    assert "the secret itself" not in text


@given(
    st.text(st.characters(max_codepoint=0x2E7F)), st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
)
def test_one_chinese_character_makes_a_text_chinese(text: str, character: str) -> None:
    assert language(text) == "en"
    assert language(text + character) == "zh-CN"
