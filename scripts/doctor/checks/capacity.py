"""Whether the pool is as large as the whole plan."""

from __future__ import annotations

from collections import Counter

from openstack.connection import Connection

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok
from stacks.plan.model import Plan

ORDER = 140
CLASSES = {"VCPU": "vCPU", "MEMORY_MB": "MiB of memory", "DISK_GB": "GiB of disk"}


def _probe(examination: Examination) -> Finding:
    has, needs = capacity(examination.cloud), demand(examination.plan)
    short = [
        f"{needs[name]} {unit} planned, {has[name]} there"
        for name, unit in CLASSES.items()
        if needs[name] > has[name]
    ]
    if short:
        return missing("; ".join(short), "Add compute hosts, or ask for fewer or smaller hosts.")
    return ok(", ".join(f"{needs[name]} of {has[name]} {unit}" for name, unit in CLASSES.items()))


def capacity(cloud: Connection) -> Counter[str]:
    """What all resource providers offer together: total less reserved, times the allocation ratio."""
    found: Counter[str] = Counter()
    for provider in cloud.placement.resource_providers():
        for item in cloud.placement.resource_provider_inventories(provider):
            found[item.resource_class] += int((item.total - item.reserved) * item.allocation_ratio)
    return found


def demand(plan: Plan) -> Counter[str]:
    """What every planned host and the bastion take together."""
    platform = plan.platform.platform
    names = [host.flavor for tenant in plan.tenants for host in tenant.hosts]
    flavors = [platform.flavors[name] for name in (*names, platform.management.bastion_flavor)]
    return Counter(
        VCPU=sum(flavor.vcpus for flavor in flavors),
        MEMORY_MB=sum(flavor.memory for flavor in flavors),
        DISK_GB=sum(flavor.disk for flavor in flavors),
    )


CHECK = Check(
    id="capacity",
    title="capacity",
    needed_for="building the whole plan; without Placement only this comparison is missing",
    severity=Severity.OPTIONAL,
    probe=_probe,
)
