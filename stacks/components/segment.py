"""A segment: one network, one subnet from the side's pool, one security group."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_openstack as openstack

from stacks.components.security_group import SecurityGroup
from stacks.plan.dedicated import ProviderSegment
from stacks.plan.model import SegmentPlan


class Segment(pulumi.ComponentResource):
    """The network that hosts of one kind live in."""

    def __init__(
        self,
        plan: SegmentPlan,
        *,
        subnet_pool: str,
        names: str,
        project: pulumi.Input[str],
        administrator: openstack.Provider,
        ready: Sequence[pulumi.Resource],
        tags: tuple[str, ...],
        opts: pulumi.ResourceOptions,
    ) -> None:
        """Create the network with the plan's addresses; `names` is the DNS server that hosts learn.

        A VLAN of the building is the administrator's to give (policies/openstack/neutron.yaml), so that a
        dedicated network is made by the administrator in the project, once that is `ready`.
        """
        super().__init__("govcloud:network:Segment", plan.name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.gateway = str(plan.gateway)
        if plan.provider:
            by = pulumi.ResourceOptions(parent=self, provider=administrator, depends_on=list(ready))
            self.network = _dedicated(plan.name, plan.provider, project, tags, by)
        else:
            self.network = openstack.networking.Network(
                plan.name, name=plan.name, tags=list(tags), opts=child
            )
        first, last = plan.pool
        self.subnet = openstack.networking.Subnet(
            plan.name,
            name=plan.name,
            network_id=self.network.id,
            subnetpool_id=subnet_pool,
            cidr=plan.cidr.with_prefixlen,
            gateway_ip=str(plan.default_route) if plan.default_route else None,
            no_gateway=None if plan.default_route else True,
            allocation_pools=[{"start": str(first), "end": str(last)}],
            dns_nameservers=[names],
            opts=child,
        )
        self.routes = [
            openstack.networking.SubnetRoute(
                f"{plan.name}-{route.destination.network_address}",
                subnet_id=self.subnet.id,
                destination_cidr=route.destination.with_prefixlen,
                next_hop=str(route.next_hop),
                opts=child,
            )
            for route in plan.host_routes
        ]
        self.security_group = SecurityGroup(plan.security_group, tags=tags, opts=child)
        self.register_outputs({})


def _dedicated(
    name: str,
    wire: ProviderSegment,
    project: pulumi.Input[str],
    tags: tuple[str, ...],
    opts: pulumi.ResourceOptions,
) -> openstack.networking.Network:
    return openstack.networking.Network(
        name,
        name=name,
        tenant_id=project,
        shared=False,
        port_security_enabled=True,
        segments=[
            {
                "network_type": "vlan",
                "physical_network": wire.physical_network,
                "segmentation_id": wire.vlan,
            }
        ],
        tags=list(tags),
        opts=opts,
    )
