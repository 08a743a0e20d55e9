"""Every tenant's own credentials try what no tenant may do; the cloud refuses each, and nothing is left.

Its deployment user builds what is planned; its people use that, and build nothing.

Source: GB/T 22239-2019 8.1.4.2, 8.2.2.1 b, 8.2.5.1 a; the rules are policies/openstack.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest

from scripts.access.deployment import Deployment
from stacks.plan.landing_zone import plan_from_folder
from stacks.settings import REPOSITORY
from tests.lab import deployer, person
from tests.lab.conftest import Cloud
from tests.lab.trespass import CALLS, STAFF, Call, filled

pytestmark = [
    pytest.mark.timeout(300),
    # openstacksdk 4.22 warns on every connection of what it calls itself.
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
]
TENANTS = [tenant.id for tenant in plan_from_folder(REPOSITORY / "tenants").tenants]
NEUTRON = "networks subnets ports routers security_groups security_group_rules floatingips rbac-policies"
NEUTRON += " trunks subnetpools address-scopes default-security-group-rules"


def listed(cloud: Cloud, path: str) -> set[tuple[str, str, int]]:
    """Objects of one kind in Neutron; their revision tells a change too."""
    (found,) = cloud.network.get(f"/{path.replace('_', '-')}").json().values()
    return {(path, item["id"], item.get("revision_number", 0)) for item in found}


def estate(cloud: Cloud, projects: list[str]) -> dict[str, Any]:
    """Everything that a forbidden call could have made or changed."""
    objects = [listed(cloud, path) for path in NEUTRON.split()]
    return {
        "networking": set[Any]().union(*objects),
        "images": {(item.id, item.visibility, item.owner_id) for item in cloud.image.images()},
        "servers": {(item.id, item.status) for item in cloud.compute.servers(all_projects=True)},
        "flavors": {item.id for item in cloud.compute.flavors(is_public=None)},
        "projects": {(item.id, item.is_enabled) for item in cloud.identity.projects()},
        "users": {item.id for item in cloud.identity.users()},
        "roles": {str(item.to_dict()) for item in cloud.identity.role_assignments()},
        "trusts": {item.id for item in cloud.identity.trusts()},
        "network quotas": [cloud.network.get(f"/quotas/{project}").json() for project in projects],
        "volumes": {item.id for item in cloud.block_storage.volumes(all_projects=True)},
        "volume types": {item.name for item in cloud.block_storage.types()},
        "volume quotas": [cloud.block_storage.get(f"/os-quota-sets/{item}").json() for item in projects],
        "compute quotas": [cloud.compute.get(f"/os-quota-sets/{project}").json() for project in projects],
    }


@pytest.fixture(scope="module")
def unchanged(deployment: Deployment, cloud: Cloud) -> Iterator[None]:
    """At the end of this module the cloud is what it was at the beginning."""
    projects = [tenant.project for tenant in deployment.outputs.tenants.values()]
    before = estate(cloud, projects)
    yield
    assert estate(cloud, projects) == before


@pytest.fixture(scope="module", params=TENANTS)
def tenant(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def own(deployment: Deployment, tenant: str, unchanged: None) -> Cloud:  # noqa: ARG001 - made before, judged after
    """The cloud's API as the tenant."""
    return deployer.connect(deployment, tenant)


@pytest.fixture(scope="module")
def staff(deployment: Deployment, cloud: Cloud, tenant: str, unchanged: None) -> Iterator[Cloud]:  # noqa: ARG001 - as above
    """The cloud's API as somebody of the tenant's staff."""
    project = deployment.outputs.tenants[tenant].project
    with person.of(deployment, cloud, group=tenant, project=project) as connection:
        yield connection


@pytest.fixture(scope="module")
def facts(deployment: Deployment, cloud: Cloud, own: Cloud, tenant: str) -> Iterator[dict[str, str]]:
    """What the calls name: the tenant's own objects, another tenant's and the platform's."""
    platform = deployment.outputs.platform
    other = TENANTS[TENANTS.index(tenant) - 1]
    roles = {role.name: role.id for role in cloud.identity.roles()}
    host = next(iter(deployment.outputs.tenants[tenant].hosts.values()))
    (port,) = cloud.network.ports(device_id=host.id)
    (fixed,) = port.fixed_ips
    # An image without data, to be shared: making it is allowed, and so is removing it.
    image = own.image.create_image(
        "zz-own", disk_format="raw", container_format="bare", validate_checksum=False
    )
    own_objects = _objects(deployment, cloud, tenant)
    yield {
        **own_objects,
        **{f"other_{name}": value for name, value in _objects(deployment, cloud, other).items()},
        "port": port.id,
        "network": port.network_id,
        "subnet": fixed["subnet_id"],
        "gateway": fixed["ip_address"],
        "own_image": image.id,
        "rule": next(cloud.network.security_group_rules(security_group_id=own_objects["group"])).id,
        "image": platform.image,
        "flavor": next(iter(platform.flavors.values())),
        "external": platform.external_network,
        "backbone": platform.sides["internal"].backbone_network,
        "backbone_subnet": platform.sides["internal"].backbone_subnet,
        "member": roles["member"],
        "admin": roles["admin"],
    }
    own.image.delete_image(image)


def _objects(deployment: Deployment, cloud: Cloud, tenant: str) -> dict[str, str]:
    outputs = deployment.outputs.tenants[tenant]
    return {
        "project": outputs.project,
        "user": cloud.identity.find_user(f"{tenant}-deployer", ignore_missing=False).id,
        "network": next(iter(outputs.networks.values())),
        "router": next(iter(outputs.routers.values())),
        "group": next(iter(outputs.security_groups.values())),
        "server": next(iter(outputs.hosts.values())).id,
    }


def test_the_credentials_work(own: Cloud) -> None:
    group = own.network.create_security_group(name="zz-harmless")
    found = own.network.get_security_group(group.id)
    own.network.delete_security_group(group)
    assert found.project_id == own.current_project_id
    assert own.network.find_security_group(group.id) is None


def test_the_deployer_makes_volumes_within_the_quota(own: Cloud) -> None:
    made = own.block_storage.create_volume(name="zz-harmless", size=1, volume_type="standard")
    own.block_storage.wait_for_status(made, "available", wait=60)
    own.block_storage.delete_volume(made)
    own.block_storage.wait_for_delete(made, wait=60)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name.replace(" ", "-"))
def test_refused(own: Cloud, facts: dict[str, str], call: Call) -> None:
    method, service, path = filled(call.request, facts).split(" ")
    answer = getattr(own, service).request(path, method, json=filled(call.body, facts))
    assert answer.status_code in call.refusals, answer.text


@pytest.mark.parametrize("call", STAFF, ids=lambda call: call.name.replace(" ", "-"))
def test_staff_builds_nothing(staff: Cloud, facts: dict[str, str], call: Call) -> None:
    method, service, path = filled(call.request, facts).split(" ")
    answer = getattr(staff, service).request(path, method, json=filled(call.body, facts))
    assert answer.status_code in call.refusals, answer.text


def test_staff_uses_its_hosts(staff: Cloud, facts: dict[str, str]) -> None:
    path = f"/servers/{facts['server']}/action"
    started = staff.compute.post(path, json={"os-start": None})
    assert started.status_code == HTTPStatus.CONFLICT, "allowed, and it runs already"
    shown = staff.compute.post(path, json={"os-getConsoleOutput": {"length": 5}})
    assert shown.status_code == HTTPStatus.OK, shown.text


def test_the_tables_try_enough() -> None:
    assert len(CALLS) >= 20
    calls = (*CALLS, *STAFF)
    assert len({call.name for call in calls}) == len(calls)
