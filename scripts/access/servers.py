"""What the cloud itself tells of hosts: which there are, and by which ways they are reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openstack.compute.v2.server import Server
from openstack.connection import Connection

from scripts.access.ssh import BASTION, Way, known_as
from stacks.plan import naming
from stacks.plan.model import Plan


@dataclass(frozen=True)
class Ways:
    """How the bastion and the hosts behind it are reached.

    Attributes:
        hosts: those of the plan that exist.
        leaving: servers of the plan's tenants that the plan no longer has, by tenant id.
    """

    bastion: Way
    hosts: tuple[Way, ...]
    leaving: dict[str, tuple[Way, ...]]


def ways(cloud: Connection, plan: Plan) -> Ways:
    """Ask the cloud for its servers and floating IPs; needs a role that sees those of all projects.

    Host keys are remembered by server and image, as in `known_as`.
    """
    servers = {server.name: server for server in cloud.compute.servers(all_projects=True)}
    floating = {item.fixed_ip_address: item.floating_ip_address for item in cloud.network.ips()}
    inside = str(plan.platform.management.bastion)
    bastion = Way(BASTION, floating.get(inside) or inside, _known(servers.get(naming.BASTION)))
    planned = {host.name: str(host.address) for tenant in plan.tenants for host in tenant.hosts}
    hosts = (
        Way(name, address, _known(servers[name])) for name, address in planned.items() if name in servers
    )
    gone = [server for name, server in servers.items() if name not in planned]
    leaving = {tenant.id: tuple(_of(tenant.id, gone)) for tenant in plan.tenants}
    return Ways(bastion, tuple(hosts), leaving)


def _of(tenant: str, servers: Sequence[Server]) -> Iterator[Way]:
    for server in servers:
        ports = [port for network in (server.addresses or {}).values() for port in network]
        fixed = [port["addr"] for port in ports if port["OS-EXT-IPS:type"] == "fixed"]
        if naming.owner_tag(tenant) in (server.tags or ()) and fixed:
            yield Way(server.name, fixed[0], _known(server))


def _known(server: Server | None) -> str:
    return known_as(server.id, server.image.id or "") if server else BASTION
