"""What belongs to a tenant in the cloud; every function fails when there is nothing to look at."""

from __future__ import annotations

from scripts.evidence.cloud.facts import (
    CloudFacts,
    Network,
    Port,
    Router,
    SecurityGroup,
    Server,
)
from scripts.evidence.finding import holds, nothing
from scripts.evidence.said import said
from stacks.plan.model import TenantPlan

UP = "Run `govcloud up` for the tenant, and find out who changed it."
REMOVE = "Find out who made it and why; declare it in the request, or remove it."
DEFAULT_GROUP = "default"


def project(cloud: CloudFacts, tenant: TenantPlan) -> str:
    """Id of the tenant's project."""
    found = [item.id for item in cloud.projects if item.name == tenant.project]
    holds(
        len(found) == 1,
        expected=said("one project {name}", name=tenant.project),
        observed=f"{len(found)}",
        do=UP,
    )
    return found[0]


def networks(cloud: CloudFacts, tenant: TenantPlan) -> dict[str, Network]:
    """The tenant's networks by name; at least one."""
    owner = project(cloud, tenant)
    found = {item.name: item for item in cloud.networks if item.project == owner}
    holds(bool(found), expected="networks", observed="none", do=UP)
    return found


def servers(cloud: CloudFacts, tenant: TenantPlan) -> dict[str, Server]:
    """The tenant's servers by name."""
    owner = project(cloud, tenant)
    return {item.name: item for item in cloud.servers if item.project == owner}


def host_ports(cloud: CloudFacts, tenant: TenantPlan) -> dict[str, tuple[Port, ...]]:
    """The ports of each planned host; every planned host must be there."""
    found = servers(cloud, tenant)
    missing = [host.name for host in tenant.hosts if host.name not in found]
    nothing(missing, expected="every planned host", do=UP)
    return {host.name: cloud.ports_of(found[host.name].id) for host in tenant.hosts}


def groups(cloud: CloudFacts, tenant: TenantPlan) -> list[SecurityGroup]:
    """The tenant's security groups; at least its segments' groups."""
    owner = project(cloud, tenant)
    found = [item for item in cloud.groups if item.project == owner]
    holds(bool(found), expected="security groups", observed="none", do=UP)
    return found


def routers(cloud: CloudFacts, tenant: TenantPlan) -> dict[str, Router]:
    """The tenant's routers by name; at least one."""
    owner = project(cloud, tenant)
    found = {item.name: item for item in cloud.routers if item.project == owner}
    holds(bool(found), expected="routers", observed="none", do=UP)
    return found
