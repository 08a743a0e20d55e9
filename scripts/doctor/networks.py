"""Looking at networks that the cloud's operators made."""

from __future__ import annotations

from openstack.connection import Connection
from openstack.exceptions import HttpException
from openstack.network.v2.network import Network

from scripts.doctor.check import Finding, missing


def find_network(cloud: Connection, name: str) -> Network | Finding:
    """The network of that name, or what is wrong with the name."""
    found = list(cloud.network.networks(name=name))
    if not found:
        return missing(
            f"no network {name!r}", "Correct its name in tenants/platform.yaml, or ask the operators for it."
        )
    if len(found) > 1:
        return missing(
            f"{len(found)} networks are called {name!r}", "Rename one: it is found by its name alone."
        )
    return found[0]


def free_addresses(cloud: Connection, network: Network) -> int | None:
    """How many addresses Neutron can still hand out there; `None` where it does not tell."""
    try:
        usage = cloud.network.get_network_ip_availability(network.id)
    except HttpException:
        return None
    return int(usage.total_ips) - int(usage.used_ips)
