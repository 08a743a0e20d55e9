"""The floor makes what the stack makes: the same kinds, as often, by the same hand."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from scripts.bench.floor import Call, Ref, calls, resolved
from scripts.bench.objects import KINDS
from scripts.bench.requests import Request, empty, portal
from scripts.engine.addresses import record_addresses
from stacks.errors import PlanError
from stacks.outputs import PlatformOutputs, SideOutputs
from stacks.plan.grants import DEPLOYER
from stacks.plan.model import Plan
from stacks.programs import tenant as program
from stacks.settings import REPOSITORY, Settings
from tests.contract.conftest import LOOP, Recorder

NAMES = "198.51.100.1"
SIDE = SideOutputs(subnet_pool="pool", backbone_network="backbone", backbone_subnet="backbone-subnet")
PLATFORM = PlatformOutputs(
    external_network="public",
    external_network_name="public",
    sides={"external": SIDE, "internal": SIDE},
    management_network="management",
    management_subnet="management-subnet",
    management_router="router",
    routes=(),
    image="image",
    flavors={"small": "1"},
    roles=dict.fromkeys(("member", "manager", "reader", DEPLOYER), "role-id"),
    groups={"audit": "audit-id"},
    nodes={"bench-empty-4": "node-4", "bench-empty-5": "node-5"},
    domain="default",
    identity_url="https://identity.example/v3",
    certificates="",
    bastion="bastion",
    bastion_address="203.0.113.10",
)


def flow(number: int, source: int, target: int) -> Request:
    """A tenant that has a flow with another one, so that its router has a leg on the backbone."""
    ends = {source: f"bench-empty-{source}/office", target: f"bench-empty-{target}/office", number: "office"}
    return {**empty(number), "flows": [{"from": ends[source], "to": ends[target], "service": "https"}]}


def tier(number: int, level: str, parent: int | None = None) -> Request:
    """A tenant that supervises those below it, and stands below another one."""
    above = {"parent": f"bench-empty-{parent}"} if parent else {}
    return {**empty(number), "tier": level, "roles": {"auditor": ["audit"]}, **above}


TIERS = (tier(4, "province"), {**tier(5, "city", 4), "quota": {"class": "small"}})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "tenants"
    folder.mkdir()
    platform = yaml.safe_load((REPOSITORY / "tenants" / "platform.yaml").read_text())
    platform["dedicated_networks"] = {"physical_network": "vpn", "vlans": {"bench-empty-6/office": 2101}}
    (folder / "platform.yaml").write_text(yaml.safe_dump(platform, allow_unicode=True))
    dedicated = {**empty(6), "dedicated_network": {"segments": ["office"], "reason": "imaging"}}
    for content in (empty(1), flow(2, 2, 3), flow(3, 2, 3), *TIERS, dedicated, portal()):
        (folder / f"{content['id']}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True))
    return Settings(tmp_path, tmp_path, "lab", folder, "file://unused")


@pytest.fixture
def plan(settings: Settings) -> Plan:
    return record_addresses(settings, date(2026, 11, 22)).plan


def wanted(plan: Plan, name: str) -> list[Call]:
    return list(calls(plan.tenant(name), PLATFORM, NAMES, block_storage=True))


def registered(plan: Plan, name: str, settings: Settings) -> list[tuple[str, bool]]:
    """Kind of each resource that the stack registers, and whether the administrator makes it."""
    recorder = Recorder()
    asyncio.set_event_loop(LOOP)  # other tests' `asyncio.run` leaves the thread without one
    pulumi.runtime.set_mocks(recorder, project="govcloud", stack=name, preview=False)
    finish: Any = pulumi.runtime.test
    finish(lambda: program.build(plan.tenant(name), plan.platform, PLATFORM, settings))()
    return [
        (resource.typ.rsplit(":", 1)[-1], "::administrator::" in (resource.provider or ""))
        for resource in recorder.resources
        if resource.typ.startswith("openstack:")
    ]


@pytest.mark.parametrize("number", range(1, 7))
def test_the_floor_makes_what_the_stack_makes(plan: Plan, settings: Settings, number: int) -> None:
    name = f"bench-empty-{number}"
    made = Counter((call.kind, call.shared) for call in wanted(plan, name))
    routes = sum(len(call.body["host_routes"]) for call in wanted(plan, name) if call.kind == "Subnet")
    made["SubnetRoute", False] = routes  # The one kind that takes no call: a subnet is made with its routes.
    assert made == Counter(registered(plan, name, settings))


def test_a_flow_to_another_tenant_puts_a_leg_on_the_backbone(plan: Plan) -> None:
    ports = {call.name for call in wanted(plan, "bench-empty-2") if call.kind == "Port"}
    assert "bench-empty-2-internal-backbone" in ports
    assert not any("backbone" in call.name for call in wanted(plan, "bench-empty-1"))


def test_a_dedicated_network_is_the_administrators_to_make(plan: Plan) -> None:
    networks = {call.name: call for call in wanted(plan, "bench-empty-6") if call.kind == "Network"}
    assert networks["bench-empty-6-office"].shared
    assert networks["bench-empty-6-office"].body["provider_segmentation_id"] == 2101
    assert not networks["bench-empty-6-portal"].shared


@pytest.mark.parametrize("name", ["bench-empty-1", "bench-empty-2", "bench-empty-4"])
def test_every_call_finds_what_it_refers_to(plan: Plan, name: str) -> None:
    ids: dict[Ref, str] = {}
    for call in wanted(plan, name):
        assert call.kind in KINDS
        assert "Ref(" not in repr(resolved(call.body, ids))
        assert Ref(call.kind, call.name) not in ids
        ids[Ref(call.kind, call.name)] = call.name


def test_tenants_with_hosts_have_no_floor(plan: Plan) -> None:
    with pytest.raises(PlanError, match="bench-portal"):
        wanted(plan, "bench-portal")
