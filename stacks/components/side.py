"""One side of the wall: its own address scope, its pool and its backbone."""

from __future__ import annotations

import pulumi
import pulumi_openstack as openstack

from stacks.plan.addressing import automatic_pool
from stacks.plan.model import SidePlan


class SideNetworks(pulumi.ComponentResource):
    """Scope, subnet pool and backbone of one side; nothing of it is shared with the other."""

    def __init__(self, plan: SidePlan, *, opts: pulumi.ResourceOptions) -> None:
        """Create the side."""
        super().__init__("govcloud:network:Side", plan.side.value, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        name = f"govcloud-{plan.side}"
        scope = openstack.networking.AddressScope(
            f"{name}-scope", name=plan.scope, ip_version=4, shared=True, opts=child
        )
        self.pool = openstack.networking.SubnetPool(
            f"{name}-pool",
            name=name,
            address_scope_id=scope.id,
            prefixes=[network.with_prefixlen for network in (plan.pool, plan.backbone, *plan.adopted)],
            default_prefixlen=28,
            min_prefixlen=16,
            max_prefixlen=29,
            shared=True,
            opts=child,
        )
        self.network = openstack.networking.Network(
            f"{name}-backbone",
            name=f"{name}-backbone",
            description=f"Transit of the {plan.side} side",
            opts=child,
        )
        first, last = automatic_pool(plan.backbone)
        self.subnet = openstack.networking.Subnet(
            f"{name}-backbone",
            name=f"{name}-backbone",
            network_id=self.network.id,
            subnetpool_id=self.pool.id,
            cidr=plan.backbone.with_prefixlen,
            no_gateway=True,
            enable_dhcp=False,
            allocation_pools=[{"start": str(first), "end": str(last)}],
            opts=child,
        )
        self.outputs = {
            "subnet_pool": self.pool.id,
            "backbone_network": self.network.id,
            "backbone_subnet": self.subnet.id,
        }
        self.register_outputs({})
