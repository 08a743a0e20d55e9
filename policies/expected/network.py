"""A segment and a router's leg in it."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Any

from policies.expected.model import Expected, Hand, Ref, Shared
from stacks.plan.model import SegmentPlan


def segment(plan: SegmentPlan, project: Ref, names: str, tags: tuple[str, ...]) -> Iterator[Expected]:
    """Network, subnet and the routes that hosts learn; `names` is the DNS server."""
    yield _network(plan, project, tags)
    subnet: dict[str, Any] = {
        "name": plan.name,
        "networkId": Ref("networking/Network", plan.name),
        "subnetpoolId": Shared(("sides", plan.side.value, "subnet_pool")),
        "cidr": str(plan.cidr),
        "allocationPools": addresses(plan.pool),
        "dnsNameservers": [names],
    }
    subnet |= {"gatewayIp": str(plan.default_route)} if plan.default_route else {"noGateway": True}
    yield Expected("networking/Subnet", plan.name, Hand.TENANT, subnet)
    for route in plan.host_routes:
        values = {
            "subnetId": Ref("networking/Subnet", plan.name),
            "destinationCidr": str(route.destination),
            "nextHop": str(route.next_hop),
        }
        name = f"{plan.name}-{route.destination.network_address}"
        yield Expected("networking/SubnetRoute", name, Hand.TENANT, values)


def _network(plan: SegmentPlan, project: Ref, tags: tuple[str, ...]) -> Expected:
    """Anybody's own hand makes an ordinary network; a wire of the building is the administrator's to give."""
    values: dict[str, Any] = {"name": plan.name, "tags": list(tags)}
    wire = plan.provider
    if wire is None:
        return Expected("networking/Network", plan.name, Hand.TENANT, values)
    values |= {
        "tenantId": project,
        "shared": False,
        "portSecurityEnabled": True,
        "segments": [
            {
                "networkType": "vlan",
                "physicalNetwork": wire.physical_network,
                "segmentationId": wire.vlan,
            }
        ],
    }
    return Expected("networking/Network", plan.name, Hand.ADMINISTRATOR, values)


def gateway(name: str, router: str, plan: SegmentPlan) -> Iterator[Expected]:
    """A router's port in a segment, with the segment's gateway address."""
    fixed = [{"subnetId": Ref("networking/Subnet", plan.name), "ipAddress": str(plan.gateway)}]
    port = {
        "name": name,
        "networkId": Ref("networking/Network", plan.name),
        "fixedIps": fixed,
        "noSecurityGroups": True,
    }
    yield Expected("networking/Port", name, Hand.TENANT, port)
    leg = {"routerId": Ref("networking/Router", router), "portId": Ref("networking/Port", name)}
    yield Expected("networking/RouterInterface", name, Hand.ADMINISTRATOR, leg)


def addresses(pool: tuple[IPv4Address, IPv4Address]) -> list[dict[str, str]]:
    """What Neutron may hand out by itself."""
    first, last = pool
    return [{"start": str(first), "end": str(last)}]
