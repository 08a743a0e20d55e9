"""Plant things in a real cloud that nobody declared, see exactly the right checks turn red, remove them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import pytest
from openstack.connection import Connection

from scripts.access.connection import connected
from scripts.access.deployment import Deployment
from scripts.lab.networks import VLAN_NETWORK
from stacks.plan.grants import AUDITOR
from tests.lab.conftest import Command
from tests.lab.mutation import RECORD, record
from tests.lab.test_audit_hosts import bad

TENANT, PEER = "xiangyang-portal", "taihe-office"
RED: dict[str, frozenset[tuple[str, str]]] = {
    "a rule that nobody planned": frozenset({("tenant_borders/rules_equal_plan", TENANT)}),
    "a port of nobody": frozenset({("tenant_borders/no_unknown_ports", TENANT)}),
    "a way in to a port of nobody": frozenset(
        {
            ("platform/no_undeclared_way_in", "platform"),
            ("tenant_borders/floating_ips_only_for_published_hosts", TENANT),
        }
    ),
    "a port in the default group": frozenset({("tenant_borders/security_groups_equal_plan", TENANT)}),
    "a network that is shared with another tenant": frozenset(
        {
            ("tenant/networks_not_shared", TENANT),
            ("tenant/nothing_shared", TENANT),
            ("tenant/nothing_shared", PEER),
            ("platform/no_undeclared_shares", "platform"),
        }
    ),
    "a network on a wire of the building": frozenset(
        {
            ("tenant/networks_equal_plan", TENANT),
            ("tenant/networks_on_planned_wires", TENANT),
            ("platform/vlans_as_planned", "platform"),
        }
    ),
    "a public image": frozenset({("platform/no_shared_snapshots", "platform")}),
    "a second image of the planned name": frozenset({("platform/image_fingerprint", "platform")}),
    "a higher quota": frozenset({("tenant/quotas_equal_plan", TENANT)}),
    "a host that may send from another address": frozenset({("tenant_borders/port_security_on", TENANT)}),
    "a host in another group": frozenset({("tenant_borders/hosts_in_planned_groups", TENANT)}),
    "an administrator in a tenant": frozenset(
        {
            ("tenant/roles_as_planned", TENANT),
            ("platform/no_administrator_in_tenants", "platform"),
        }
    ),
    "a router with a leg on both sides": frozenset(
        {
            ("platform/no_router_joins_two_sides", "platform"),
            ("platform/backbones_join_routers_only", "platform"),
        }
    ),
    "a stranger in the management network": frozenset({("platform/management_network_closed", "platform")}),
    "a record of a host's creation that is gone": frozenset({("tenant/actions_recorded", TENANT)}),
    "a trust": frozenset({("platform/no_trusts", "platform")}),
    "a user of the auditor's role": frozenset({("platform/one_auditor", "platform")}),
    "a volume of nobody": frozenset({("tenant/volumes_equal_plan", TENANT)}),
    "a server group": frozenset({("tenant/no_undeclared_server_groups", TENANT)}),
}
"""What must turn red by each thing that `planted` plants, and nothing else."""

# openstacksdk warns of its own future in its own code.
pytestmark = [pytest.mark.lab, pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")]

Resource = Any
"""A resource of openstacksdk; its attributes are made at run time."""

Proxy = Any
"""A service of openstacksdk, which takes more than its annotations say."""


@pytest.fixture
def cloud(deployment: Deployment) -> Iterator[Connection]:
    with connected(deployment.settings.cloud) as connection:
        yield connection


@contextmanager
def planted(cloud: Connection, deployment: Deployment, govcloud: Command) -> Iterator[None]:
    """Everything at once, removed at the end whatever happens."""
    outputs = deployment.outputs
    project, peer = outputs.tenants[TENANT].project, outputs.tenants[PEER].project
    network = outputs.tenants[TENANT].networks["office"]
    group = next(iter(outputs.tenants[TENANT].security_groups.values()))
    with ExitStack() as undo:

        def plant(make: Callable[[], Resource], remove: Callable[[Resource], object]) -> Resource:
            made = make()
            undo.callback(remove, made)
            return made

        plant(
            lambda: cloud.network.create_security_group_rule(
                security_group_id=group, direction="ingress", ethertype="IPv4", protocol="tcp"
            ),
            cloud.network.delete_security_group_rule,
        )
        plant(
            lambda: cloud.network.create_port(network_id=network, project_id=project, name="stranger"),
            cloud.network.delete_port,
        )
        plant(
            lambda: cloud.network.create_rbac_policy(
                object_type="network",
                object_id=network,
                action="access_as_shared",
                target_project_id=peer,
            ),
            cloud.network.delete_rbac_policy,
        )
        plant(
            lambda: cloud.network.create_network(
                project_id=project,
                name="stranger",
                provider_network_type="vlan",
                provider_physical_network=VLAN_NETWORK,
                provider_segmentation_id=2999,
            ),
            cloud.network.delete_network,
        )
        planned = deployment.plan.platform.platform.cloud.image
        for name in ("stranger", planned):
            made = plant(
                lambda name=name: cloud.image.create_image(name, visibility="public"),  # type: ignore[misc]
                cloud.image.delete_image,
            )
            assert made.visibility == "public"
        plant(
            lambda: cloud.network.create_port(
                network_id=outputs.platform.management_network, name="stranger"
            ),
            cloud.network.delete_port,
        )
        _way_in(cloud, deployment, undo)
        _trust(cloud, project, undo)
        _second_auditor(cloud, project, undo)
        _other_group(cloud, outputs.tenants[TENANT].hosts["oa-1"].id, undo)
        _lost_record(govcloud, outputs.tenants[TENANT].hosts["oa-1"].id, undo)
        _quota(cloud, project, undo)
        _address_pair(cloud, outputs.tenants[TENANT].hosts["oa-1"].id, undo)
        _administrator(cloud, project, undo)
        inside = undo.enter_context(cloud.connect_as(project_id=project))
        plant(
            lambda: inside.compute.create_server_group(name="stranger", policy="anti-affinity"),
            inside.compute.delete_server_group,
        )
        plant(
            lambda: inside.block_storage.create_volume(name="stranger", size=1), partial(_no_volume, inside)
        )
        _bridge(cloud, deployment, undo)
        yield


def _no_volume(inside: Connection, volume: Resource) -> None:
    inside.block_storage.delete_volume(volume)
    inside.block_storage.wait_for_delete(volume)


def _quota(cloud: Connection, project: str, undo: ExitStack) -> None:
    before = cloud.compute.get_quota_set(project).instances
    undo.callback(cloud.set_compute_quotas, project, instances=before)
    cloud.set_compute_quotas(project, instances=before + 5)


def _address_pair(cloud: Connection, server: str, undo: ExitStack) -> None:
    port = next(iter(cloud.network.ports(device_id=server)))
    undo.callback(cloud.network.update_port, port, allowed_address_pairs=[])
    cloud.network.update_port(port, allowed_address_pairs=[{"ip_address": "10.128.1.99"}])


def _way_in(cloud: Connection, deployment: Deployment, undo: ExitStack) -> None:
    """A floating IP to a port in a network of portals; the port by itself is found as one of nobody."""
    outputs = deployment.outputs.tenants[TENANT]
    network: Proxy = cloud.network
    port = network.create_port(network_id=outputs.networks["portal"], project_id=outputs.project)
    undo.callback(network.delete_port, port, ignore_missing=True)
    outside = network.find_network(deployment.plan.platform.platform.cloud.external_network)
    way = network.create_ip(floating_network_id=outside.id, port_id=port.id, project_id=outputs.project)
    undo.callback(network.delete_ip, way)


def _trust(cloud: Connection, project: str, undo: ExitStack) -> None:
    """The administrator gives a right of its own on to itself; nobody else may, by policies/openstack."""
    identity: Proxy = cloud.identity
    user, role = cloud.current_user_id, identity.find_role("reader")
    own = cloud.current_project_id
    made = identity.create_trust(
        trustor_user_id=user,
        trustee_user_id=user,
        project_id=own,
        roles=[{"id": role.id}],
        impersonation=False,
    )
    undo.callback(identity.delete_trust, made)
    assert project != own


def _second_auditor(cloud: Connection, project: str, undo: ExitStack) -> None:
    identity: Proxy = cloud.identity
    node = identity.create_user(name="zz-second-auditor")
    undo.callback(identity.delete_user, node)
    own, role = cloud.current_project_id, identity.find_role(AUDITOR)
    undo.callback(identity.unassign_project_role_from_user, own, node, role)
    identity.assign_project_role_to_user(own, node, role)
    assert project != own


def _other_group(cloud: Connection, server: str, undo: ExitStack) -> None:
    """Neutron's default group beside the planned ones."""
    port = next(iter(cloud.network.ports(device_id=server)))
    default = next(iter(cloud.network.security_groups(project_id=port.project_id, name="default")))
    undo.callback(cloud.network.update_port, port, security_groups=port.security_group_ids)
    cloud.network.update_port(port, security_groups=[*port.security_group_ids, default.id])


def _lost_record(govcloud: Command, server: str, undo: ExitStack) -> None:
    """Behind the API's back: there is no call by which a record of an action can be removed."""

    def rename(old: str, new: str) -> None:
        words = (
            f"UPDATE nova.instance_actions SET action='{new}' "  # noqa: S608 - words of this file alone
            f"WHERE action='{old}' AND instance_uuid='{server}'"
        )
        done = govcloud("lab", "shell", "--", "mariadb", "-e", words)
        assert done.returncode == 0, done.stderr

    undo.callback(rename, "zz-gone", "create")
    rename("create", "zz-gone")


def _administrator(cloud: Connection, project: str, undo: ExitStack) -> None:
    identity: Proxy = cloud.identity
    user, role = cloud.current_user_id, identity.find_role("admin")
    undo.callback(identity.unassign_project_role_from_user, project, user, role)
    identity.assign_project_role_to_user(project, user, role)


def _bridge(cloud: Connection, deployment: Deployment, undo: ExitStack) -> None:
    """A router with a leg on both sides: what must never exist."""
    network: Proxy = cloud.network
    router = network.create_router(name="stranger")
    undo.callback(network.delete_router, router)
    for side in deployment.outputs.platform.sides.values():
        port = network.create_port(network_id=side.backbone_network)
        undo.callback(network.delete_port, port, ignore_missing=True)
        network.add_interface_to_router(router, port_id=port.id)
        undo.callback(network.remove_interface_from_router, router, port_id=port.id)


def red(govcloud: Command) -> set[tuple[str, str]]:
    """The checks of the cloud that fail now, with the tenant."""
    done = govcloud("audit", "--all", "--json")
    results = [item for item in json.loads(done.stdout)["results"] if not item["host"]]
    assert len({item["check"] for item in results}) >= 30
    return {(f"{item['area']}/{item['check']}", item["tenant"]) for item in results if bad(item)}


def test_whatever_is_planted_turns_its_checks_red(
    cloud: Connection, deployment: Deployment, govcloud: Command
) -> None:
    assert red(govcloud) == set()
    with planted(cloud, deployment, govcloud):
        assert red(govcloud) == set().union(*RED.values())
    assert red(govcloud) == set()
    broken = {text: {check for check, _ in found} for text, found in RED.items()}
    record(RECORD, "the cloud", broken)
