"""What the operator of the lab's cloud makes once, through its APIs: accounts, catalog, provider networks."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import openstack
from openstack.exceptions import SDKException

from scripts.lab import config, venv
from scripts.lab.networks import PROVIDER_NETWORKS
from stacks.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openstack.block_storage.v3._proxy import Proxy as BlockStorage
    from openstack.connection import Connection
    from openstack.identity.v3._proxy import Proxy as Identity

    from scripts.lab.box import Box
    from scripts.lab.paths import Lab

REGION = "RegionOne"
_PATIENCE = 300.0


def auth_url(lab: Lab) -> str:
    """Where Keystone answers, in the box and on the machine alike."""
    return f"http://127.0.0.1:{lab.ports.keystone}/v3"


def account(lab: Lab) -> dict[str, Any]:
    """The administrator's entry, as `clouds.yaml` wants it."""
    return {
        "auth": {
            "auth_url": auth_url(lab),
            "username": "admin",
            "password": config.credentials(lab)["admin"],
            "project_name": "admin",
            "user_domain_name": "Default",
            "project_domain_name": "Default",
        },
        "region_name": REGION,
        "identity_api_version": "3",
    }


@lru_cache
def connect(lab: Lab) -> Connection:
    """A connection as administrator, without reading any `clouds.yaml`; one for the whole process."""
    return openstack.connect(load_yaml_config=False, load_envvars=False, **account(lab))


def bootstrap(box: Box) -> None:
    """Keystone's first project, roles and administrator, straight into its database."""
    lab = box.lab
    url = auth_url(lab)
    env = config.environment(lab.config, venv.folder(lab)) | {
        "OS_BOOTSTRAP_PASSWORD": config.credentials(lab)["admin"],
        "OS_BOOTSTRAP_REGION_ID": REGION,
        "OS_BOOTSTRAP_PUBLIC_URL": url,
        "OS_BOOTSTRAP_INTERNAL_URL": url,
        "OS_BOOTSTRAP_ADMIN_URL": url,
    }
    box.do(["keystone-manage", "--config-file", lab.config / "keystone.conf", "bootstrap"], env=env)


def make_identity(box: Box) -> None:
    """The service project, an account for each service, and the catalog."""
    lab = box.lab
    identity = cast("Identity", connect(lab).identity)
    secret = config.credentials(lab)
    project = identity.find_project("service") or identity.create_project(name="service", domain_id="default")
    roles = [role for role in identity.roles() if role.name in {"admin", "service"}]
    for name in config.SERVICE_USERS:
        user = identity.find_user(name) or identity.create_user(
            name=name, password=secret[name], domain_id="default"
        )
        for role in roles:
            identity.assign_project_role_to_user(project, user, role)
    known = {service.type: service for service in identity.services()}
    for name, kind, url in _catalog(lab):
        service = known.get(kind) or identity.create_service(name=name, type=kind)
        have = {endpoint.interface for endpoint in identity.endpoints(service_id=service.id)}
        for interface in {"public", "internal", "admin"} - have:
            identity.create_endpoint(service_id=service.id, interface=interface, url=url, region_id=REGION)
    # The connection was made when the catalog was empty.
    _wait("the complete catalog", lambda: _catalog_complete(lab))


def _catalog(lab: Lab) -> tuple[tuple[str, str, str], ...]:
    base, ports = "http://127.0.0.1", lab.ports
    return (
        ("nova", "compute", f"{base}:{ports.nova}/v2.1"),
        ("neutron", "network", f"{base}:{ports.neutron}/"),
        ("glance", "image", f"{base}:{ports.glance}"),
        ("placement", "placement", f"{base}:{ports.placement}"),
        ("cinder", "block-storage", f"{base}:{ports.cinder}/v3"),
    )


def _catalog_complete(lab: Lab) -> bool:
    """Whether a new login sees every service: Keystone may answer once more with what it had cached."""
    connect.cache_clear()
    cloud = connect(lab)
    return all(cloud.endpoint_for(kind) for _, kind, _ in _catalog(lab))


def _wait(what: str, ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            if ready():
                return
        except SDKException:  # an API that is still loading its code
            pass
        time.sleep(0.5)
    raise LabError(
        f"{what} did not come within {_PATIENCE:.0f} s.",
        "Run `govcloud lab status`; the logs are in the lab's log folder.",
    )


def register_compute(box: Box) -> None:
    """Map the compute service into its cell as soon as it has reported for the first time."""
    _register(box, config.HOSTNAME)


def register_second_compute(box: Box) -> None:
    """The same for hosts with a kernel of their own, and the zones that keep both kinds apart."""
    _register(box, config.VM_HOSTNAME)
    # Nova keeps a zone free of strangers only where an aggregate says so; its default zone is a mere word.
    for machine, zone in ((config.HOSTNAME, config.DEFAULT_ZONE), (config.VM_HOSTNAME, config.VM_ZONE)):
        _set_apart(box, machine, zone)


def _set_apart(box: Box, machine: str, zone: str) -> None:
    compute = connect(box.lab).compute
    aggregate = compute.find_aggregate(zone) or compute.create_aggregate(name=zone, availability_zone=zone)
    if machine not in (aggregate.hosts or ()):
        compute.add_host_to_aggregate(aggregate, machine)


def _register(box: Box, machine: str) -> None:
    lab, cloud = box.lab, connect(box.lab)
    _wait(f"the compute service of {machine}", lambda: machine in {one.host for one in _computes(cloud)})
    env = config.environment(lab.config, venv.folder(lab))
    box.do(["nova-manage", "--config-file", lab.config / "nova.conf", "cell_v2", "discover_hosts"], env=env)


def wait_for_compute(box: Box) -> None:
    """Until then, a host that somebody boots ends in ERROR: Nova would find no resource provider."""
    cloud = connect(box.lab)
    wanted = {config.HOSTNAME} | ({config.VM_HOSTNAME} if box.lab.own_kernel else set())
    _wait(
        "compute services that are up",
        lambda: wanted <= {one.host for one in _computes(cloud) if one.state == "up"},
    )
    _wait("the compute nodes' inventory", lambda: all(_has_inventory(cloud, name) for name in wanted))


def _computes(cloud: Connection) -> list[Any]:
    return list(cloud.compute.services(binary="nova-compute"))


def _has_inventory(cloud: Connection, machine: str) -> bool:
    providers = list(cloud.placement.resource_providers(name=machine))
    return bool(providers) and any(True for _ in cloud.placement.resource_provider_inventories(providers[0]))


def make_volume_types(box: Box) -> None:
    """The types of volumes; until the default one is there, Cinder refuses every volume."""
    volumes = cast("BlockStorage", connect(box.lab).block_storage)
    for name in config.VOLUME_TYPES:
        if not volumes.find_type(name):
            volumes.create_type(name=name, extra_specs={"volume_backend_name": config.BACKEND})


def make_provider_networks(box: Box) -> None:
    """One Neutron network and subnet for each network that the provider has."""
    cloud = connect(box.lab)
    for wanted in PROVIDER_NETWORKS:
        network = cloud.network.find_network(wanted.name) or cloud.network.create_network(
            name=wanted.name,
            is_router_external=wanted.external,
            provider_network_type="flat",
            provider_physical_network=wanted.name,
        )
        if not any(True for _ in cloud.network.subnets(network_id=network.id)):
            cloud.network.create_subnet(
                name=wanted.name,
                network_id=network.id,
                ip_version=4,
                cidr=wanted.cidr,
                gateway_ip=wanted.gateway,
                is_dhcp_enabled=False,
                allocation_pools=[{"start": wanted.pool[0], "end": wanted.pool[1]}],
            )
