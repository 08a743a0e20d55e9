"""What the platform's stack holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.expected.model import ANYTHING, Expected, Hand, Ref, Shared
from policies.expected.network import addresses
from policies.expected.security import security_group
from policies.expected.tenant import administrator
from stacks.plan.addressing import automatic_pool
from stacks.plan.grants import AUDITOR, AUDITOR_ACCOUNT, DEPLOYER
from stacks.plan.model import PlatformPlan, SidePlan
from stacks.settings import Settings

MANAGEMENT, BASTION = "govcloud-management", "govcloud-bastion"
ADMINISTRATOR = Hand.ADMINISTRATOR


def platform_objects(plan: PlatformPlan, settings: Settings) -> Iterator[Expected]:
    """Everything that is shared, and nothing else."""
    yield administrator(settings.cloud, plan.platform.cloud.region)
    for side in plan.sides:
        yield from _side(side)
    yield from _management(plan)
    yield from _bastion(plan, settings)
    yield Expected("identity/Role", "deployer", ADMINISTRATOR, {"name": DEPLOYER})
    yield from _auditor()
    for node in plan.nodes:
        place = {"parentId": Ref("identity/Project", f"{node.above}.below")} if node.above else {}
        about = {
            "name": f"{node.tenant}.below",
            "description": f"Holds the tenants below {node.tenant}; nothing runs here",
            "domainId": Shared(("domain",)),
            "tags": ["managed-by=govcloud", "kind=node"],
        }
        yield Expected("identity/Project", node.name, ADMINISTRATOR, {**about, **place})
    for group in plan.groups:
        about = {"name": group.name, "description": group.description, "domainId": Shared(("domain",))}
        yield Expected("identity/GroupV3", group.name, ADMINISTRATOR, about)
    for name, flavor in plan.platform.flavors.items():
        values = {
            "name": f"govcloud-{name}",
            "vcpus": flavor.vcpus,
            "ram": flavor.memory,
            "disk": flavor.disk,
            "isPublic": True,
        }
        yield Expected("compute/Flavor", f"flavor-{name}", ADMINISTRATOR, values)
    cloud = plan.platform.cloud
    apart = {f"image-{name}": name for name in cloud.zone_images.values()}
    for resource, name in {"image": cloud.image, **apart}.items():
        image = {
            "name": name,
            "localFilePath": ANYTHING,
            "containerFormat": "bare",
            "diskFormat": "raw" if resource == "image" else ANYTHING,
            "visibility": "public",
        }
        yield Expected("images/Image", resource, ADMINISTRATOR, image, optional=True)


def _auditor() -> Iterator[Expected]:
    domain, project = Shared(("domain",)), Ref("identity/Project", "auditor")
    values: dict[str, dict[str, Any]] = {
        "identity/Role": {"name": AUDITOR},
        "identity/Project": {
            "name": AUDITOR_ACCOUNT,
            "description": "Where the auditor enters; nothing runs here",
            "domainId": domain,
        },
        "identity/User": {
            "name": AUDITOR_ACCOUNT,
            "description": "Reads for the audit; changes nothing",
            "domainId": domain,
            "defaultProjectId": project,
            "password": ANYTHING,
        },
        "identity/InheritRoleAssignment": {
            "userId": Ref("identity/User", "auditor"),
            "domainId": domain,
            "roleId": Ref("identity/Role", "auditor"),
        },
    }
    for kind, properties in values.items():
        yield Expected(kind, "auditor", ADMINISTRATOR, properties)


def _side(plan: SidePlan) -> Iterator[Expected]:
    name = f"govcloud-{plan.side}"
    pool, backbone = Ref("networking/SubnetPool", f"{name}-pool"), f"{name}-backbone"
    values: dict[tuple[str, str], dict[str, Any]] = {
        ("networking/AddressScope", f"{name}-scope"): {"name": plan.scope, "ipVersion": 4, "shared": True},
        (pool.kind, pool.name): {
            "name": name,
            "addressScopeId": Ref("networking/AddressScope", f"{name}-scope"),
            "prefixes": [str(network) for network in (plan.pool, plan.backbone, *plan.adopted)],
            "defaultPrefixlen": 28,
            "minPrefixlen": 16,
            "maxPrefixlen": 29,
            "shared": True,
        },
        ("networking/Network", backbone): {
            "name": backbone,
            "description": f"Transit of the {plan.side} side",
        },
        ("networking/Subnet", backbone): {
            "name": backbone,
            "networkId": Ref("networking/Network", backbone),
            "subnetpoolId": pool,
            "cidr": str(plan.backbone),
            "noGateway": True,
            "enableDhcp": False,
            "allocationPools": addresses(automatic_pool(plan.backbone)),
        },
    }
    for (kind, own), properties in values.items():
        yield Expected(kind, own, ADMINISTRATOR, properties)


def _management(plan: PlatformPlan) -> Iterator[Expected]:
    router, subnet = Ref("networking/Router", MANAGEMENT), Ref("networking/Subnet", MANAGEMENT)
    routes = [
        {"destinationCidr": str(route.destination), "nextHop": str(route.next_hop)}
        for route in plan.tenant_routes
    ]
    values: dict[tuple[str, str], dict[str, Any]] = {
        ("networking/Network", MANAGEMENT): {"name": MANAGEMENT},
        (subnet.kind, subnet.name): {
            "name": MANAGEMENT,
            "networkId": Ref("networking/Network", MANAGEMENT),
            "cidr": str(plan.management.network),
            "gatewayIp": str(plan.management.gateway),
            "allocationPools": addresses(plan.management.pool),
            "dnsNameservers": [str(plan.platform.core_services.names)],
        },
        (router.kind, router.name): {
            "name": MANAGEMENT,
            "externalNetworkId": Shared(("external_network",)),
        },
        ("networking/RouterInterface", MANAGEMENT): {"routerId": router, "subnetId": subnet},
        ("networking/RouterInterface", f"{MANAGEMENT}-services"): {
            "routerId": router,
            "subnetId": Shared(("services_subnet",)),
        },
    }
    if routes:
        values["networking/RouterRoutesV2", MANAGEMENT] = {"routerId": router, "routes": routes}
    for (kind, own), properties in values.items():
        yield Expected(kind, own, ADMINISTRATOR, properties)


def _bastion(plan: PlatformPlan, settings: Settings) -> Iterator[Expected]:
    group = plan.management.bastion_security_group
    yield from security_group(group, ("managed-by=govcloud",), ADMINISTRATOR)
    subnet, port = Ref("networking/Subnet", MANAGEMENT), Ref("networking/Port", BASTION)
    values: dict[tuple[str, str], dict[str, Any]] = {
        (port.kind, port.name): {
            "name": BASTION,
            "networkId": Ref("networking/Network", MANAGEMENT),
            "fixedIps": [{"subnetId": subnet, "ipAddress": str(plan.management.bastion)}],
            "securityGroupIds": [Ref("networking/SecGroup", group.name)],
        },
        ("compute/Keypair", BASTION): {"name": BASTION, "publicKey": settings.operator_public_key()},
        ("compute/Instance", BASTION): {
            "name": BASTION,
            "imageId": ANYTHING,
            "flavorId": Ref("compute/Flavor", f"flavor-{plan.platform.management.bastion_flavor}"),
            "keyPair": Ref("compute/Keypair", BASTION),
            "networks": [{"port": port}],
        },
        ("networking/FloatingIp", BASTION): {
            "pool": plan.platform.cloud.external_network,
            "portId": port,
        },
    }
    for (kind, own), properties in values.items():
        yield Expected(kind, own, ADMINISTRATOR, properties)
