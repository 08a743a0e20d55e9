"""A tenant's project: who may act in it, and how much it may use."""

from __future__ import annotations

import secrets

import pulumi
import pulumi_openstack as openstack

from stacks.outputs import PlatformOutputs
from stacks.plan.grants import DEPLOYER, STAFF
from stacks.plan.lifecycle import is_kept
from stacks.plan.model import TenantPlan

PASSWORD_BYTES = 32


class TenantProject(pulumi.ComponentResource):
    """Project, staff, deployment user, roles and quotas; made by the administrator."""

    def __init__(
        self,
        plan: TenantPlan,
        platform: PlatformOutputs,
        *,
        block_storage: bool,
        opts: pulumi.ResourceOptions,
    ) -> None:
        """Create the project; `ready` lists what must exist before anything is made inside it."""
        super().__init__("govcloud:identity:Project", plan.id, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.project = openstack.identity.Project(
            plan.id,
            name=plan.project,
            description=plan.description,
            domain_id=platform.domain,
            parent_id=platform.nodes[plan.lineage[-1]] if plan.lineage else None,
            tags=list(plan.tags),
            opts=pulumi.ResourceOptions(parent=self, protect=is_kept(plan.request)),
        )
        group = openstack.identity.GroupV3(
            plan.id, name=plan.id, description=f"Staff of {plan.id}", domain_id=platform.domain, opts=child
        )
        self._assign(f"{plan.id}-group", platform.roles[STAFF], group=group.id)
        self.user = self._deployer(plan, platform)
        self.password = self.user.password.apply(lambda password: password or "")
        deployer = self._assign(f"{plan.id}-deployer", platform.roles[STAFF], user=self.user.id)
        builder = self._assign(f"{plan.id}-deployer-deploys", platform.roles[DEPLOYER], user=self.user.id)
        self._grants(plan, platform, child)
        self.ready: list[pulumi.Resource] = [deployer, builder, *self._quotas(plan, child)]
        if block_storage:
            self.ready.append(self._volume_quota(plan, platform.volume_types, child))
        self.register_outputs({})

    def _assign(
        self,
        name: str,
        role: str,
        *,
        user: pulumi.Input[str] | None = None,
        group: pulumi.Input[str] | None = None,
    ) -> openstack.identity.RoleAssignment:
        """Give a role in the project to a user or to a group."""
        return openstack.identity.RoleAssignment(
            name,
            user_id=user,
            group_id=group,
            project_id=self.project.id,
            role_id=role,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _grants(self, plan: TenantPlan, platform: PlatformOutputs, child: pulumi.ResourceOptions) -> None:
        """What the request gives to groups; those who supervise read in everything below as well."""
        for grant in plan.own_grants:
            name = f"{plan.id}-{grant.role}-{grant.group}"
            self._assign(name, platform.roles[grant.role], group=platform.groups[grant.group])
        for grant in plan.supervision:
            openstack.identity.InheritRoleAssignment(
                f"{plan.id}-below-{grant.group}",
                group_id=platform.groups[grant.group],
                project_id=platform.nodes[plan.id],
                role_id=platform.roles[grant.role],
                opts=child,
            )

    def _deployer(self, plan: TenantPlan, platform: PlatformOutputs) -> openstack.identity.User:
        """The user that Pulumi acts as. Its password is made once and then kept, encrypted, in the state."""
        return openstack.identity.User(
            f"{plan.id}-deployer",
            name=f"{plan.id}-deployer",
            description=f"Deploys {plan.id}; not for people",
            domain_id=platform.domain,
            default_project_id=self.project.id,
            password=pulumi.Output.secret(secrets.token_urlsafe(PASSWORD_BYTES)),
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["password"]),
        )

    def _quotas(self, plan: TenantPlan, child: pulumi.ResourceOptions) -> list[pulumi.Resource]:
        quotas = plan.quotas
        return [
            openstack.networking.QuotaV2(
                plan.id,
                project_id=self.project.id,
                network=quotas.networks,
                subnet=quotas.networks,
                router=quotas.routers,
                port=quotas.ports,
                floatingip=quotas.floating_ips,
                security_group=quotas.security_groups,
                security_group_rule=quotas.security_group_rules,
                rbac_policy=0,
                subnetpool=0,
                opts=child,
            ),
            openstack.compute.QuotaSetV2(
                plan.id,
                project_id=self.project.id,
                instances=quotas.instances,
                cores=quotas.cores,
                ram=quotas.memory,
                opts=child,
            ),
        ]

    def _volume_quota(
        self, plan: TenantPlan, types: tuple[str, ...], child: pulumi.ResourceOptions
    ) -> pulumi.Resource:
        """No copies that nobody planned, and no volume of a type for data of another class."""
        limits = plan.placement.volume_type_limits(types)
        return openstack.blockstorage.QuoteSetV3(
            plan.id,
            project_id=self.project.id,
            volumes=plan.quotas.volumes,
            gigabytes=plan.quotas.volume_storage,
            snapshots=0,
            backups=0,
            backup_gigabytes=0,
            groups=0,
            volume_type_quota={name: str(count) for name, count in limits.items()},
            opts=child,
        )
