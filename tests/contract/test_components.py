"""What every component owes, whatever it builds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pytest

from stacks.errors import GovcloudError
from stacks.outputs import PlatformOutputs, TenantOutputs
from stacks.plan import naming
from stacks.plan.grants import AUDITOR
from stacks.plan.landing_zone import plan_from_folder
from stacks.plan.model import Plan, TenantPlan
from stacks.programs import platform, tenant
from stacks.request.fields import Side
from stacks.settings import REPOSITORY, Settings
from tests import wired
from tests.contract.conftest import Recorder

PLAN, WIRED = plan_from_folder(REPOSITORY / "tenants"), wired.plan()
TENANTS = pytest.mark.parametrize(
    "plan",
    [*PLAN.tenants, pytest.param(WIRED.tenant(wired.TENANT), id="dedicated")],
    ids=lambda plan: plan.id,
)
SHARED_KINDS = {
    "RoleAssignment",
    "InheritRoleAssignment",
    "QuotaV2",
    "QuotaSetV2",
    "QuoteSetV3",
    "Project",
    "GroupV3",
    "User",
} | {
    "Router",
    "RouterInterface",
    "RouterRoutesV2",
}
"""What only the administrator may make."""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    clouds = tmp_path / "clouds.yaml"
    clouds.write_text("clouds: {lab: {auth: {auth_url: 'https://identity.example/v3'}}}")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(clouds))
    (tmp_path / "keys").mkdir()
    (tmp_path / "auditor").mkdir()
    (tmp_path / "auditor/password").write_text("not a secret")
    (tmp_path / "keys/operator.pub").write_text("ssh-ed25519 AAAA operator")
    return Settings(tmp_path, tmp_path, "lab", REPOSITORY / "tenants", "file://unused")


def build(plan: TenantPlan, outputs: PlatformOutputs, settings: Settings) -> dict[str, Any]:
    """Run a tenant's program against the mocks."""
    result: dict[str, Any] = {}

    def program() -> pulumi.Output[None]:
        built = tenant.build(plan, PLAN.platform, outputs, settings)
        return built.apply(result.update)

    run_program(program)
    return result


def run_program(program: Callable[[], object]) -> None:
    """Run a Pulumi program to its end, with everything that it started."""
    finish: Any = pulumi.runtime.test
    finish(program)()


@TENANTS
@pytest.mark.usefixtures("recorder")
def test_outputs_keep_the_contract(
    plan: TenantPlan, platform_outputs: PlatformOutputs, settings: Settings
) -> None:
    outputs = TenantOutputs.model_validate(build(plan, platform_outputs, settings))
    assert set(outputs.hosts) == {host.key for host in plan.hosts}
    assert set(outputs.networks) == {segment.key for segment in plan.segments}
    published = {key for key, host in outputs.hosts.items() if host.floating_address}
    assert published <= {host.key for host in plan.hosts if host.published}


@TENANTS
def test_tenant_resources_are_made_with_the_tenants_credentials(
    recorder: Recorder, plan: TenantPlan, platform_outputs: PlatformOutputs, settings: Settings
) -> None:
    build(plan, platform_outputs, settings)
    for resource in recorder.resources:
        if not resource.typ.startswith("openstack:"):
            continue
        own = "::tenant::" in (resource.provider or "")
        kind = resource.typ.rsplit(":", 1)[-1]
        shared_leg = resource.name.endswith(("-management", "-backbone"))
        on_wire = kind == "Network" and "segments" in resource.inputs
        shared = kind in SHARED_KINDS or shared_leg or on_wire
        assert own != shared, f"{resource.typ} {resource.name}"


@TENANTS
def test_no_resource_uses_a_default_provider(
    recorder: Recorder, plan: TenantPlan, platform_outputs: PlatformOutputs, settings: Settings
) -> None:
    build(plan, platform_outputs, settings)
    assert all(item.provider for item in recorder.resources if item.typ.startswith("openstack:"))


@TENANTS
def test_the_tenants_provider_never_reads_the_operators_cloud(
    recorder: Recorder,
    plan: TenantPlan,
    platform_outputs: PlatformOutputs,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OS_CLOUD", "the-operators-own")
    build(plan, platform_outputs, settings)
    provider = next(item for item in recorder.of("providers:openstack") if item.name == "tenant")
    assert not provider.inputs.get("cloud")
    assert provider.inputs["userName"] == f"{plan.id}-deployer"


@TENANTS
def test_security_groups_hold_exactly_the_plan(
    recorder: Recorder, plan: TenantPlan, platform_outputs: PlatformOutputs, settings: Settings
) -> None:
    build(plan, platform_outputs, settings)
    groups = recorder.of(":SecGroup")
    assert all(group.inputs["deleteDefaultRules"] is True for group in groups)
    made = sorted(
        (
            rule.inputs["securityGroupId"],
            rule.inputs["direction"],
            rule.inputs["portRangeMin"],
            rule.inputs["remoteIpPrefix"],
        )
        for rule in recorder.of(":SecGroupRule")
    )
    planned = [*(segment.security_group for segment in plan.segments), *plan.publications]
    assert made == sorted(
        (f"{group.name}-id", rule.direction.value, rule.port, rule.remote.with_prefixlen)
        for group in planned
        for rule in group.rules
    )


@TENANTS
def test_every_port_of_a_host_is_guarded(
    recorder: Recorder, plan: TenantPlan, platform_outputs: PlatformOutputs, settings: Settings
) -> None:
    build(plan, platform_outputs, settings)
    hosts = {host.name for host in plan.hosts}
    ports = [port for port in recorder.of(":Port") if port.name in hosts]
    assert len(ports) == len(hosts)
    for port in ports:
        assert port.inputs["securityGroupIds"]
        assert "noSecurityGroups" not in port.inputs
        assert port.inputs.get("portSecurityEnabled") is not False


@TENANTS
def test_floating_addresses_only_for_published_hosts(
    recorder: Recorder, plan: TenantPlan, platform_outputs: PlatformOutputs, settings: Settings
) -> None:
    build(plan, platform_outputs, settings)
    assert {item.name for item in recorder.of(":FloatingIp")} == {h.name for h in plan.hosts if h.published}


@TENANTS
def test_a_host_that_leaves_is_out_of_service_before_it_is_removed(
    recorder: Recorder, plan: TenantPlan, platform_outputs: PlatformOutputs, settings: Settings
) -> None:
    build(plan, platform_outputs, settings)
    for address in recorder.of(":FloatingIp"):
        needed = recorder.dependencies[address.typ, address.name]
        assert any(urn.endswith(f"compute/instance:Instance::{address.name}") for urn in needed)


@TENANTS
def test_only_routers_with_published_hosts_reach_the_provider(
    recorder: Recorder, plan: TenantPlan, platform_outputs: PlatformOutputs, settings: Settings
) -> None:
    build(plan, platform_outputs, settings)
    made = {item.name: bool(item.inputs.get("externalNetworkId")) for item in recorder.of(":Router")}
    assert made == {router.name: router.external_gateway for router in plan.routers}


@pytest.mark.parametrize("inhabited", [True, False])
@TENANTS
def test_subnets_hand_out_the_planned_routes_and_no_others(
    recorder: Recorder,
    plan: TenantPlan,
    platform_outputs: PlatformOutputs,
    settings: Settings,
    *,
    inhabited: bool,
) -> None:
    if not inhabited:
        vacant = tuple(replace(segment, host_routes=()) for segment in plan.segments)
        plan = replace(plan, segments=vacant, hosts=(), publications=())
    build(plan, platform_outputs, settings)
    for segment in plan.segments:
        subnet = next(item for item in recorder.of(":Subnet") if item.name == segment.name)
        routes = [
            item for item in recorder.of(":SubnetRoute") if item.inputs["subnetId"] == f"{segment.name}-id"
        ]
        assert len(routes) == len(segment.host_routes)
        if segment.side is Side.EXTERNAL:
            assert subnet.inputs["gatewayIp"] == str(segment.gateway)
        else:
            assert subnet.inputs["noGateway"] is True
            assert "gatewayIp" not in subnet.inputs


def test_a_dedicated_network_is_the_projects_own_on_its_vlan(
    recorder: Recorder, platform_outputs: PlatformOutputs, settings: Settings
) -> None:
    build(WIRED.tenant(wired.TENANT), platform_outputs, settings)
    networks = {item.name: item for item in recorder.of(":Network")}
    made = networks[f"{wired.TENANT}-{wired.SEGMENT}"]
    wire = {"networkType": "vlan", "physicalNetwork": "vpn", "segmentationId": wired.VLAN}
    assert made.inputs["segments"] == [wire]
    assert made.inputs["tenantId"] == f"{wired.TENANT}-id"
    assert made.inputs["shared"] is False
    assert made.inputs["portSecurityEnabled"] is True
    assert [name for name, item in networks.items() if "segments" in item.inputs] == [made.name]


@TENANTS
def test_the_password_is_a_secret_and_strong(
    recorder: Recorder, plan: TenantPlan, platform_outputs: PlatformOutputs, settings: Settings
) -> None:
    build(plan, platform_outputs, settings)
    password = recorder.of(":User")[0].inputs["password"]
    value = password["value"] if isinstance(password, dict) else password
    assert len(value) >= 40


@pytest.fixture
def built_platform(recorder: Recorder, settings: Settings) -> Recorder:
    """What the platform's program registers."""
    run_program(lambda: platform.build(PLAN.platform, settings))
    return recorder


def test_platform_exports_what_tenants_need(recorder: Recorder, settings: Settings) -> None:
    exported: dict[str, Any] = {}
    run_program(lambda: platform.build(PLAN.platform, settings).apply(exported.update))
    assert set(exported) == set(PlatformOutputs.model_fields)
    routers = recorder.of(":RouterRoutesV2")
    assert len(routers[0].inputs["routes"]) == len(PLAN.platform.tenant_routes)


def test_a_volume_is_protected_as_planned_and_attached_to_its_own_host(
    recorder: Recorder, platform_outputs: PlatformOutputs, settings: Settings
) -> None:
    plan = WIRED.tenant(wired.TENANT)
    build(plan, platform_outputs, settings)
    planned = {volume.name: (volume, host) for host in plan.hosts for volume in host.volumes}
    made = {item.name: item for item in recorder.of("blockstorage/volume:Volume")}
    assert planned
    assert set(made) == set(planned)
    for name, (volume, _) in planned.items():
        assert (made[name].inputs["size"], made[name].inputs.get("volumeType")) == (volume.size, volume.type)
        assert recorder.protected[made[name].typ, name]
    attached = {item.name: item.inputs for item in recorder.of(":VolumeAttach")}
    assert attached == {
        name: {"instanceId": f"{host.name}-id", "volumeId": f"{name}-id"}
        for name, (_, host) in planned.items()
    }


def test_the_auditor_has_one_role_in_the_domain_and_nothing_else(built_platform: Recorder) -> None:
    roles = {item.name: item.inputs["name"] for item in built_platform.of(":Role")}
    assert roles["auditor"] == AUDITOR
    own = [item for item in built_platform.resources if "auditor-id" in map(str, item.inputs.values())]
    (assignment,) = (item for item in own if item.typ.endswith("RoleAssignment"))
    assert assignment.typ.endswith(":InheritRoleAssignment")
    given = {key: assignment.inputs.get(key) for key in ("userId", "roleId", "projectId", "groupId")}
    assert given == {"userId": "auditor-id", "roleId": "auditor-id", "projectId": None, "groupId": None}
    assert assignment.inputs["domainId"]
    (user,) = (item for item in built_platform.of(":User") if item.name == "auditor")
    # As a secret: Pulumi keeps it encrypted.
    assert user.inputs["password"]["value"] == "not a secret"


def test_the_bastion_has_the_operators_key_one_leg_and_the_planned_rules(built_platform: Recorder) -> None:
    name = naming.BASTION
    (key,) = (item for item in built_platform.of(":Keypair") if item.name == name)
    assert key.inputs["publicKey"] == "ssh-ed25519 AAAA operator"
    (server,) = (item for item in built_platform.of(":Instance") if item.name == name)
    assert server.inputs["keyPair"] == name
    assert server.inputs["networks"] == [{"port": f"{name}-id"}]
    assert "userData" not in server.inputs
    group = PLAN.platform.management.bastion_security_group
    (port,) = (item for item in built_platform.of(":Port") if item.name == name)
    assert port.inputs["securityGroupIds"] == [f"{group.name}-id"]
    assert [leg["ipAddress"] for leg in port.inputs["fixedIps"]] == [str(PLAN.platform.management.bastion)]
    made = sorted(
        (rule.inputs["direction"], rule.inputs["portRangeMin"], rule.inputs["remoteIpPrefix"])
        for rule in built_platform.of(":SecGroupRule")
        if rule.inputs["securityGroupId"] == f"{group.name}-id"
    )
    assert made == sorted(
        (rule.direction.value, rule.port, rule.remote.with_prefixlen) for rule in group.rules
    )


def test_an_unknown_stack_is_explained(settings: Settings) -> None:
    with pytest.raises(GovcloudError, match=r"luoyang-turism.*did you mean 'luoyang-tourism'"):
        tenant.planned("luoyang-turism", settings)


def test_plan_is_the_same_twice() -> None:
    assert plan_from_folder(REPOSITORY / "tenants") == PLAN
    assert isinstance(PLAN, Plan)
