"""The network that floating IPs come from."""

from __future__ import annotations

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok
from scripts.doctor.networks import find_network, free_addresses
from stacks.plan.model import Plan

ORDER = 100
FILE = "tenants/platform.yaml"


def _probe(examination: Examination) -> Finding:
    name = examination.plan.platform.platform.cloud.external_network
    network = find_network(examination.cloud, name)
    if isinstance(network, Finding):
        return network
    if not network.is_router_external:
        return missing(f"{name} is not external", f"Name a network with router:external in {FILE}.")
    if not network.subnet_ids:
        return missing(f"{name} has no subnet", "Ask the operators for a subnet with an allocation pool.")
    free, needed = free_addresses(examination.cloud, network), addresses_needed(examination.plan)
    if free == 0:
        return missing(f"{name} has no free address", "Ask the operators to widen its allocation pool.")
    shown = "free addresses unknown" if free is None else f"{free} addresses free"
    return ok(f"{name}: {shown}; the whole plan takes {needed}")


def addresses_needed(plan: Plan) -> int:
    """Floating IPs and router gateways of the plan, the bastion's and the platform router's included."""
    tenants = plan.tenants
    gateways = sum(router.external_gateway for tenant in tenants for router in tenant.routers)
    return 2 + gateways + sum(host.published for tenant in tenants for host in tenant.hosts)


CHECK = Check(
    id="external-network",
    title="external network",
    needed_for="the bastion and every published host",
    severity=Severity.REQUIRED,
    probe=_probe,
)
