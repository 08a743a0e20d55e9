"""The management network: the bastion's home, joined to every tenant's routers and to the core services."""

from __future__ import annotations

import pulumi
import pulumi_openstack as openstack

from stacks.plan.model import PlatformPlan


class Management(pulumi.ComponentResource):
    """Network, subnet and the platform's router with its way to every tenant."""

    def __init__(self, plan: PlatformPlan, *, opts: pulumi.ResourceOptions) -> None:
        """Create the network and connect it to the provider and the services network."""
        super().__init__("govcloud:network:Management", "management", None, opts)
        child = pulumi.ResourceOptions(parent=self)
        name = "govcloud-management"
        self.network = openstack.networking.Network(f"{name}", name=name, opts=child)
        first, last = plan.management.pool
        self.subnet = openstack.networking.Subnet(
            name,
            name=name,
            network_id=self.network.id,
            cidr=plan.management.network.with_prefixlen,
            gateway_ip=str(plan.management.gateway),
            allocation_pools=[{"start": str(first), "end": str(last)}],
            dns_nameservers=[str(plan.platform.core_services.names)],
            opts=child,
        )
        self.router, self.interface = self._router(name, plan, child)
        self.register_outputs({})

    def _router(
        self, name: str, plan: PlatformPlan, child: pulumi.ResourceOptions
    ) -> tuple[openstack.networking.Router, openstack.networking.RouterInterface]:
        cloud, invoke = plan.platform.cloud, pulumi.InvokeOptions(parent=self)
        external = openstack.networking.get_network_output(name=cloud.external_network, opts=invoke)
        services = openstack.networking.get_network_output(name=cloud.services_network, opts=invoke)
        router = openstack.networking.Router(name, name=name, external_network_id=external.id, opts=child)
        interface = openstack.networking.RouterInterface(
            name, router_id=router.id, subnet_id=self.subnet.id, opts=child
        )
        openstack.networking.RouterInterface(
            f"{name}-services",
            router_id=router.id,
            subnet_id=services.subnets[0],
            opts=child,
        )
        if plan.tenant_routes:
            openstack.networking.RouterRoutesV2(
                name,
                router_id=router.id,
                routes=[
                    {"destination_cidr": route.destination.with_prefixlen, "next_hop": str(route.next_hop)}
                    for route in plan.tenant_routes
                ],
                opts=pulumi.ResourceOptions(parent=self, depends_on=[interface]),
            )
        return router, interface
