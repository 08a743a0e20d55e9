"""A tenant's stack: everything of one department, made with its own credentials."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import pulumi
import pulumi_openstack as openstack

from stacks.components import providers
from stacks.components.hierarchy import Hierarchy
from stacks.components.host import Host
from stacks.components.project import TenantProject
from stacks.components.router import TenantRouter
from stacks.components.security_group import SecurityGroup
from stacks.components.segment import Segment
from stacks.errors import PlanError
from stacks.outputs import PlatformOutputs, TenantOutputs
from stacks.plan.landing_zone import plan_from_folder
from stacks.plan.lifecycle import is_held
from stacks.plan.model import HostPlan, Plan, PlatformPlan, TenantPlan
from stacks.plan.naming import PLATFORM_STACK, PROJECT
from stacks.request.diagnostics import did_you_mean
from stacks.settings import Settings

PLATFORM = f"organization/{PROJECT}/{PLATFORM_STACK}"


def run(stack: str) -> None:
    """Build the tenant that has the stack's name and export `stacks.outputs.TenantOutputs`."""
    settings = Settings.from_environment()
    plan, tenant = planned(stack, settings)
    reference = pulumi.StackReference(PLATFORM)
    shared = {name: reference.require_output(name) for name in PlatformOutputs.model_fields}
    # The platform's outputs are plain values once they are known; building from them keeps the components
    # typed. Exports cannot wait for that, so each one is taken from the result.
    built: pulumi.Output[dict[str, Any]] = pulumi.Output.all(**shared).apply(
        partial(_build, tenant, plan, settings)
    )
    for name in TenantOutputs.model_fields:
        pulumi.export(name, built[name])


def planned(stack: str, settings: Settings) -> tuple[Plan, TenantPlan]:
    """The landing zone's plan and the one of the stack's tenant.

    Raises:
        PlanError: no request has that id.
    """
    plan = plan_from_folder(settings.tenants, settings.today)
    known = [tenant.id for tenant in plan.tenants]
    if stack not in known:
        raise PlanError(
            f"no request in {settings.tenants} has the id {stack!r}; {did_you_mean(stack, known)}",
            "A tenant's stack is called like its request.",
        )
    return plan, plan.tenant(stack)


def _build(
    tenant: TenantPlan, plan: Plan, settings: Settings, values: dict[str, Any]
) -> pulumi.Output[dict[str, Any]]:
    platform = PlatformOutputs.model_validate(values)
    unknown = [
        str(segment.cidr)
        for segment in tenant.segments
        if not any(route.startswith(f"{segment.cidr} ") for route in platform.routes)
    ]
    if unknown:
        raise pulumi.RunError(
            f"the platform has no route to {', '.join(unknown)} of {tenant.id} yet. "
            "Run `pulumi up -s platform` first; `govcloud up` does it by itself."
        )
    if tenant.lineage and tenant.lineage[-1] not in platform.nodes:
        raise pulumi.RunError(
            f"the platform has no place below {tenant.lineage[-1]} for {tenant.id} yet. "
            "Run `pulumi up -s platform` first; `govcloud up` does it by itself."
        )
    return build(tenant, plan.platform, platform, settings)


def build(
    tenant: TenantPlan, shared: PlatformPlan, platform: PlatformOutputs, settings: Settings
) -> pulumi.Output[dict[str, Any]]:
    """Translate the tenant's plan into resources; the result has the fields of `TenantOutputs`."""
    administrator = providers.administrator(settings.cloud, shared.platform.cloud.region)
    hierarchy = Hierarchy(platform.domain, pulumi.InvokeOptions(provider=administrator))
    parent = platform.nodes[tenant.lineage[-1]] if tenant.lineage else None
    stays = hierarchy.require_tenant_stays(tenant, parent)
    return stays.apply(lambda _: _translate(tenant, shared, platform, settings, administrator))


def _translate(
    tenant: TenantPlan,
    shared: PlatformPlan,
    platform: PlatformOutputs,
    settings: Settings,
    administrator: openstack.Provider,
) -> pulumi.Output[dict[str, Any]]:
    cloud = shared.platform.cloud
    project = TenantProject(
        tenant,
        platform,
        block_storage=cloud.block_storage,
        opts=pulumi.ResourceOptions(provider=administrator),
    )
    own = providers.tenant(
        "tenant",
        identity_url=platform.identity_url,
        certificates=platform.certificates,
        region=cloud.region,
        domain=cloud.domain,
        project=project.project.id,
        user=project.user.name,
        password=project.password,
        opts=pulumi.ResourceOptions(depends_on=project.ready),
    )
    opts = pulumi.ResourceOptions(provider=own)
    segments = {
        segment.key: Segment(
            segment,
            subnet_pool=platform.sides[segment.side.value].subnet_pool,
            names=str(shared.platform.core_services.names),
            project=project.project.id,
            administrator=administrator,
            ready=project.ready,
            tags=tenant.tags,
            opts=opts,
        )
        for segment in tenant.segments
    }
    routers = {
        router.key: TenantRouter(
            router,
            platform=platform,
            segments=segments,
            project=project.project.id,
            administrator=administrator,
            ready=project.ready,
            tags=tenant.tags,
            opts=opts,
        )
        for router in tenant.routers
    }
    published = {
        group.name: SecurityGroup(group, tags=tenant.tags, opts=opts) for group in tenant.publications
    }
    groups = {
        segment.security_group.plan.name: segment.security_group for segment in segments.values()
    } | published
    hosts = _hosts(tenant, settings, platform, Network(segments, routers, groups), opts)
    return pulumi.Output.from_input(
        {
            "project": project.project.id,
            "networks": {key: segment.network.id for key, segment in segments.items()},
            "routers": {key: router.router.id for key, router in routers.items()},
            "security_groups": {name: group.group.id for name, group in groups.items()},
            "hosts": {key: host.outputs for key, host in hosts.items()},
        }
    )


@dataclass(frozen=True)
class Network:
    """What hosts are placed into."""

    segments: dict[str, Segment]
    routers: dict[str, TenantRouter]
    groups: dict[str, SecurityGroup]

    def before_host(self, tenant: TenantPlan, host: HostPlan) -> list[pulumi.Resource]:
        """What must exist before the host boots, or it would come up without address, key or protection."""
        segment = self.segments[host.segment]
        rules = [rule for name in tenant.security_groups(host) for rule in self.groups[name].rules]
        router = self.routers[tenant.router(host.segment).key]
        return [*segment.routes, *rules, *router.interfaces]


def _hosts(
    tenant: TenantPlan,
    settings: Settings,
    platform: PlatformOutputs,
    network: Network,
    opts: pulumi.ResourceOptions,
) -> dict[str, Host]:
    if not tenant.hosts:
        return {}
    key = openstack.compute.Keypair(
        tenant.id, name=tenant.id, public_key=settings.operator_public_key(), opts=opts
    )
    held = pulumi.ResourceOptions(protect=is_held(tenant.request))
    return {
        host.key: Host(
            host,
            platform=platform,
            segment=network.segments[host.segment],
            security_groups=[network.groups[name].group.id for name in tenant.security_groups(host)],
            key=key,
            tags=tenant.tags,
            availability_zone=tenant.placement.availability_zone,
            before=network.before_host(tenant, host),
            opts=pulumi.ResourceOptions.merge(opts, held),
        )
        for host in tenant.hosts
    }
