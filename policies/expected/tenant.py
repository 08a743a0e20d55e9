"""What a tenant's stack holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.expected.model import ANYTHING, Expected, Hand, Ref, Shared
from policies.expected.network import gateway, segment
from policies.expected.security import security_group
from stacks.plan.grants import DEPLOYER
from stacks.plan.model import HostPlan, PlatformPlan, RouterPlan, TenantPlan, VolumePlan
from stacks.request.platform import Cloud
from stacks.settings import Settings

VOLUME_QUOTA = "blockstorage/QuoteSetV3"
"""Named as in the provider."""

VOLUME = "blockstorage/Volume"


def tenant_objects(tenant: TenantPlan, shared: PlatformPlan, settings: Settings) -> Iterator[Expected]:
    """Everything of one tenant, and nothing else."""
    yield from _hands(tenant, shared, settings)
    yield from _accounts(tenant)
    yield from _quotas(tenant)
    if shared.platform.cloud.block_storage:
        yield _volume_quota(tenant)
    names = str(shared.platform.core_services.names)
    for own in tenant.segments:
        yield from segment(own, _project(tenant), names, tenant.tags)
    for group in (*(own.security_group for own in tenant.segments), *tenant.publications):
        yield from security_group(group, tenant.tags)
    for router in tenant.routers:
        yield from _router(tenant, router)
    if tenant.hosts:
        key = {"name": tenant.id, "publicKey": settings.operator_public_key()}
        yield Expected("compute/Keypair", tenant.id, Hand.TENANT, key)
    for host in tenant.hosts:
        yield from _host(tenant, host, shared.platform.cloud)
        for volume in host.volumes:
            yield from _volume(tenant, host, volume)


def _project(tenant: TenantPlan) -> Ref:
    return Ref("identity/Project", tenant.id)


def _hands(tenant: TenantPlan, shared: PlatformPlan, settings: Settings) -> Iterator[Expected]:
    """The providers, whose properties travel as JSON texts."""
    cloud = shared.platform.cloud
    yield administrator(settings.cloud, cloud.region)
    values = {
        "cloud": "",
        "insecure": "false",
        "endpointType": "",
        "authUrl": Shared(("identity_url",)),
        "cacertFile": ANYTHING,
        "region": cloud.region,
        "tenantId": _project(tenant),
        "userName": f"{tenant.id}-deployer",
        "userDomainName": cloud.domain,
        "password": ANYTHING,
    }
    yield Expected("providers/openstack", Hand.TENANT, None, values)


def administrator(cloud: str, region: str) -> Expected:
    """The provider with the administrator's rights."""
    values = {"cloud": cloud, "region": region}
    return Expected("providers/openstack", Hand.ADMINISTRATOR, None, values)


def _accounts(tenant: TenantPlan) -> Iterator[Expected]:
    project, domain, role = _project(tenant), Shared(("domain",)), Shared(("roles", "member"))
    deployer = f"{tenant.id}-deployer"
    values: dict[tuple[str, str], dict[str, Any]] = {
        ("identity/Project", tenant.id): {
            "name": tenant.project,
            "description": tenant.description,
            "domainId": domain,
            "tags": list(tenant.tags),
        },
        ("identity/GroupV3", tenant.id): {
            "name": tenant.id,
            "description": f"Staff of {tenant.id}",
            "domainId": domain,
        },
        ("identity/RoleAssignment", f"{tenant.id}-group"): {
            "groupId": Ref("identity/GroupV3", tenant.id),
            "projectId": project,
            "roleId": role,
        },
        ("identity/User", deployer): {
            "name": deployer,
            "description": f"Deploys {tenant.id}; not for people",
            "domainId": domain,
            "defaultProjectId": project,
            "password": ANYTHING,
        },
        ("identity/RoleAssignment", deployer): {
            "userId": Ref("identity/User", deployer),
            "projectId": project,
            "roleId": role,
        },
        ("identity/RoleAssignment", f"{deployer}-deploys"): {
            "userId": Ref("identity/User", deployer),
            "projectId": project,
            "roleId": Shared(("roles", DEPLOYER)),
        },
    }
    if tenant.lineage:
        values["identity/Project", tenant.id]["parentId"] = Shared(("nodes", tenant.lineage[-1]))
    for (kind, name), properties in values.items():
        yield Expected(kind, name, Hand.ADMINISTRATOR, properties)
    yield from _grants(tenant)


def _grants(tenant: TenantPlan) -> Iterator[Expected]:
    own, node = _project(tenant), Shared(("nodes", tenant.id))
    for grant in tenant.own_grants:
        properties = {
            "groupId": Shared(("groups", grant.group)),
            "projectId": own,
            "roleId": Shared(("roles", grant.role)),
        }
        name = f"{tenant.id}-{grant.role}-{grant.group}"
        yield Expected("identity/RoleAssignment", name, Hand.ADMINISTRATOR, properties)
        if grant.role == "reader" and tenant.node:
            below = {**properties, "projectId": node}
            name = f"{tenant.id}-below-{grant.group}"
            yield Expected("identity/InheritRoleAssignment", name, Hand.ADMINISTRATOR, below)


def _quotas(tenant: TenantPlan) -> Iterator[Expected]:
    limits, project = tenant.quotas, _project(tenant)
    network = {
        "network": limits.networks,
        "subnet": limits.networks,
        "router": limits.routers,
        "port": limits.ports,
        "floatingip": limits.floating_ips,
        "securityGroup": limits.security_groups,
        "securityGroupRule": limits.security_group_rules,
        "rbacPolicy": 0,
        "subnetpool": 0,
    }
    compute = {"instances": limits.instances, "cores": limits.cores, "ram": limits.memory}
    for kind, values in (("networking/QuotaV2", network), ("compute/QuotaSetV2", compute)):
        yield Expected(kind, tenant.id, Hand.ADMINISTRATOR, {**values, "projectId": project})


def _volume_quota(tenant: TenantPlan) -> Expected:
    """Which types the cloud has is not planned; what a tenant gets of them is `placed-by-class`."""
    limits = {"volumes": tenant.quotas.volumes, "gigabytes": tenant.quotas.volume_storage}
    copies = {"snapshots": 0, "backups": 0, "backupGigabytes": 0, "groups": 0}
    values = {**limits, **copies, "volumeTypeQuota": ANYTHING, "projectId": _project(tenant)}
    return Expected(VOLUME_QUOTA, tenant.id, Hand.ADMINISTRATOR, values)


def _router(tenant: TenantPlan, router: RouterPlan) -> Iterator[Expected]:
    own = Ref("networking/Router", router.name)
    values: dict[str, Any] = {
        "name": router.name,
        "tenantId": _project(tenant),
        "tags": list(tenant.tags),
    }
    if router.external_gateway:
        values["externalNetworkId"] = Shared(("external_network",))
    yield Expected("networking/Router", router.name, Hand.ADMINISTRATOR, values)
    for key in router.segments:
        yield from gateway(f"{router.name}-{key}", router.name, tenant.segment(key))
    side = ("sides", router.side.value)
    legs = {
        "management": (router.management, ("management_network",), ("management_subnet",)),
        "backbone": (router.backbone, (*side, "backbone_network"), (*side, "backbone_subnet")),
    }
    for key, (address, network, subnet) in legs.items():
        if address is not None:
            name = f"{router.name}-{key}"
            port = {
                "name": name,
                "tenantId": _project(tenant),
                "networkId": Shared(network),
                "fixedIps": [{"subnetId": Shared(subnet), "ipAddress": str(address)}],
                "noSecurityGroups": True,
            }
            yield Expected("networking/Port", name, Hand.ADMINISTRATOR, port)
            leg = {"routerId": own, "portId": Ref("networking/Port", name)}
            yield Expected("networking/RouterInterface", name, Hand.ADMINISTRATOR, leg)
    routes = [
        {"destinationCidr": str(route.destination), "nextHop": str(route.next_hop)} for route in router.routes
    ]
    static = {"routerId": own, "routes": routes}
    yield Expected("networking/RouterRoutesV2", router.name, Hand.ADMINISTRATOR, static)


def _host(tenant: TenantPlan, host: HostPlan, cloud: Cloud) -> Iterator[Expected]:
    segment_name = tenant.segment(host.segment).name
    subnet, tags = Ref("networking/Subnet", segment_name), list(tenant.tags)
    groups = [Ref("networking/SecGroup", name) for name in tenant.security_groups(host)]
    port = {
        "name": host.name,
        "networkId": Ref("networking/Network", segment_name),
        "fixedIps": [{"subnetId": subnet, "ipAddress": str(host.address)}],
        "securityGroupIds": groups,
        "tags": tags,
    }
    yield Expected("networking/Port", host.name, Hand.TENANT, port)
    own, zone = Ref("networking/Port", host.name), tenant.placement.availability_zone
    server: dict[str, Any] = {
        "name": host.name,
        "imageId": Shared(("images", zone) if zone and zone in cloud.zone_images else ("image",)),
        "flavorId": Shared(("flavors", host.flavor)),
        "keyPair": Ref("compute/Keypair", tenant.id),
        "networks": [{"port": own}],
        "tags": tags,
    }
    if zone:
        server["availabilityZone"] = zone
    yield Expected("compute/Instance", host.name, Hand.TENANT, server)
    if host.published:
        address = {
            "pool": cloud.external_network,
            "portId": own,
            "description": ", ".join(host.hostnames),
            "tags": tags,
        }
        yield Expected("networking/FloatingIp", host.name, Hand.TENANT, address)


def _volume(tenant: TenantPlan, host: HostPlan, volume: VolumePlan) -> Iterator[Expected]:
    values: dict[str, Any] = {
        "name": volume.name,
        "size": volume.size,
        "metadata": {name: value for name, _, value in (tag.partition("=") for tag in tenant.tags)},
    }
    if volume.type:
        values["volumeType"] = volume.type
    yield Expected(VOLUME, volume.name, Hand.TENANT, values)
    attachment = {
        "instanceId": Ref("compute/Instance", host.name),
        "volumeId": Ref(VOLUME, volume.name),
    }
    yield Expected("compute/VolumeAttach", volume.name, Hand.TENANT, attachment)
