"""What a tenant's plan takes of its quota, counted as Nova and Neutron count it."""

from __future__ import annotations

from stacks.errors import PlanError
from stacks.language import say
from stacks.plan.model import PlatformPlan, TenantPlan
from stacks.request.needs import PORTS_PER_SEGMENT

DEFAULT_GROUP_RULES = 4
"""Rules of the group `default` that Neutron gives every project; no host of ours is in it."""


def usage(plan: TenantPlan, platform: PlatformPlan) -> dict[str, int]:
    """The amount of every limit that is used, by the limit's name; memory in MiB."""
    flavors = [platform.platform.flavors[host.flavor] for host in plan.hosts]
    groups = [*(segment.security_group for segment in plan.segments), *plan.publications]
    volumes = [volume for host in plan.hosts for volume in host.volumes]
    legs = sum(1 + (router.backbone is not None) for router in plan.routers)
    return {
        "instances": len(plan.hosts),
        "cores": sum(flavor.vcpus for flavor in flavors),
        "memory": sum(flavor.memory for flavor in flavors),
        "networks": len(plan.segments),
        "routers": len(plan.routers),
        "ports": len(plan.hosts) + PORTS_PER_SEGMENT * len(plan.segments) + legs,
        "floating_ips": sum(host.published for host in plan.hosts),
        "security_groups": 1 + len(groups),
        "security_group_rules": DEFAULT_GROUP_RULES + sum(len(group.rules) for group in groups),
        "volumes": len(volumes),  # Hosts boot from local disks.
        "volume_storage": sum(volume.size for volume in volumes),
    }


def require_quota(plan: TenantPlan, platform: PlatformPlan) -> None:
    """Refuse a plan that its quota cannot hold, before a cloud is left half built.

    Raises:
        PlanError: names every limit that is too small.
    """
    allowed = plan.quotas.model_dump()
    over = [
        say("space.over-limit", used=used, limit=say(f"limit.{name}"), allowed=allowed[name])
        for name, used in usage(plan, platform).items()
        if used > allowed[name]
    ]
    if over:
        raise PlanError(
            say("space.over-quota", tenant=plan.id, limits=over), say("space.over-quota-hint", tenant=plan.id)
        )
