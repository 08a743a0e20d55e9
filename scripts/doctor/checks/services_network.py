"""The network on which package source, time and name servers and the log collector answer."""

from __future__ import annotations

from ipaddress import IPv4Network

from openstack.connection import Connection

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok
from scripts.doctor.networks import find_network

ORDER = 110
OURS = "govcloud-"
"""How everything of the platform is called."""


def _probe(examination: Examination) -> Finding:
    platform = examination.plan.platform.platform
    name = platform.cloud.services_network
    network = find_network(examination.cloud, name)
    if isinstance(network, Finding):
        return network
    subnets = [examination.cloud.network.get_subnet(subnet) for subnet in network.subnet_ids]
    if not subnets:
        return missing(f"{name} has no subnet", "Ask the operators for one that holds the core services.")
    ranges = [IPv4Network(subnet.cidr) for subnet in subnets if subnet.ip_version == 4]  # noqa: PLR2004 - IPv4
    services = (address for service in examination.plan.platform.services for address in service)
    strangers = sorted(str(item) for item in services if not any(item in cidr for cidr in ranges))
    if strangers:
        return missing(
            f"not on {name} ({', '.join(map(str, ranges))}): {', '.join(strangers)}",
            "Correct `core_services` or `cloud.services_network` in tenants/platform.yaml.",
        )
    taken = [
        subnet.gateway_ip
        for subnet in subnets
        if _is_strangers(examination.cloud, network.id, subnet.gateway_ip)
    ]
    if taken:
        return missing(
            f"{name}: its gateway address {', '.join(taken)} belongs to somebody else",
            "The platform's router takes it, so that the services answer hosts through it: set it free.",
        )
    return ok(f"{name}: {', '.join(map(str, ranges))}")


def _is_strangers(cloud: Connection, network: str, address: str | None) -> bool:
    """Whether a port other than the platform's own router holds the address."""
    ports = cloud.network.ports(network_id=network, fixed_ips=f"ip_address={address}") if address else ()
    holders = [next(cloud.network.routers(id=port.device_id), None) for port in ports]
    return any(router is None or not router.name.startswith(OURS) for router in holders)


CHECK = Check(
    id="services-network",
    title="services network",
    needed_for="packages, time, names and log collector of every host",
    severity=Severity.REQUIRED,
    probe=_probe,
)
