"""A security group that starts from no rule, in either direction (GB/T 22239 8.1.3.2 a)."""

from __future__ import annotations

import pulumi
import pulumi_openstack as openstack

from stacks.plan.model import SecurityGroupPlan


class SecurityGroup(pulumi.ComponentResource):
    """A group with exactly the plan's rules."""

    def __init__(
        self, plan: SecurityGroupPlan, *, tags: tuple[str, ...], opts: pulumi.ResourceOptions
    ) -> None:
        """Create the group without Neutron's default egress rules, then each planned rule."""
        super().__init__("govcloud:network:SecurityGroup", plan.name, None, opts)
        self.plan = plan
        child = pulumi.ResourceOptions(parent=self)
        self.group = openstack.networking.SecGroup(
            plan.name,
            name=plan.name,
            description=plan.description,
            delete_default_rules=True,
            tags=list(tags),
            opts=child,
        )
        self.rules = [
            openstack.networking.SecGroupRule(
                f"{plan.name}-{rule.key}",
                security_group_id=self.group.id,
                direction=rule.direction.value,
                ethertype="IPv4",
                protocol=rule.protocol,
                port_range_min=rule.ports[0],
                port_range_max=rule.ports[-1],
                remote_ip_prefix=rule.remote.with_prefixlen,
                description=rule.reason,
                opts=child,
            )
            for rule in plan.rules
        ]
        self.register_outputs({})
