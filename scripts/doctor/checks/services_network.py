"""The network on which package source, time and name servers answer."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok
from scripts.doctor.networks import find_network, free_addresses

ORDER = 110


def _probe(examination: Examination) -> Finding:
    platform = examination.plan.platform.platform
    name, core = platform.cloud.services_network, platform.core_services
    network = find_network(examination.cloud, name)
    if isinstance(network, Finding):
        return network
    subnets = [examination.cloud.network.get_subnet(subnet) for subnet in network.subnet_ids]
    if not subnets:
        return missing(f"{name} has no subnet", "Ask the operators for one that holds the core services.")
    ranges = [IPv4Network(subnet.cidr) for subnet in subnets if subnet.ip_version == 4]  # noqa: PLR2004 - IPv4
    services = {IPv4Address(str(core.packages.host)), core.time, core.names}
    strangers = sorted(str(item) for item in services if not any(item in network for network in ranges))
    if strangers:
        return missing(
            f"not on {name} ({', '.join(map(str, ranges))}): {', '.join(strangers)}",
            "Correct `core_services` or `cloud.services_network` in tenants/platform.yaml.",
        )
    free = free_addresses(examination.cloud, network)
    if free == 0:
        return missing(f"{name} has no free address", "The platform's router needs one; widen its pool.")
    return ok(f"{name}: {', '.join(map(str, ranges))}")


CHECK = Check(
    id="services-network",
    title="services network",
    needed_for="packages, time and names of every host",
    severity=Severity.REQUIRED,
    probe=_probe,
)
