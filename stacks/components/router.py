"""A tenant's router on one side: its legs in the segments and on the shared networks, its routes."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_openstack as openstack

from stacks.components.segment import Segment
from stacks.outputs import PlatformOutputs
from stacks.plan.model import RouterPlan


class TenantRouter(pulumi.ComponentResource):
    """A router in the tenant's project that only the administrator can make and change.

    Whoever may change a router can join what must be apart; policies/openstack/neutron.yaml refuses it
    to every tenant.
    """

    def __init__(
        self,
        plan: RouterPlan,
        *,
        platform: PlatformOutputs,
        segments: dict[str, Segment],
        project: pulumi.Input[str],
        administrator: openstack.Provider,
        ready: Sequence[pulumi.Resource],
        tags: tuple[str, ...],
        opts: pulumi.ResourceOptions,
    ) -> None:
        """Create the router and every leg that the plan gives it, once the project is `ready`."""
        super().__init__("govcloud:network:Router", plan.name, None, opts)
        self._plan, self._platform, self._project = plan, platform, project
        self._shared = pulumi.ResourceOptions(parent=self, provider=administrator)
        child = pulumi.ResourceOptions(parent=self)
        self.router = openstack.networking.Router(
            plan.name,
            name=plan.name,
            tenant_id=project,
            external_network_id=platform.external_network if plan.external_gateway else None,
            tags=list(tags),
            opts=pulumi.ResourceOptions.merge(self._shared, pulumi.ResourceOptions(depends_on=list(ready))),
        )
        self.interfaces = [self._segment_leg(key, segments[key], child) for key in plan.segments]
        self.legs = self._shared_legs()
        self.routes = self._routes()
        self.register_outputs({})

    def _segment_leg(
        self, key: str, segment: Segment, child: pulumi.ResourceOptions
    ) -> openstack.networking.RouterInterface:
        name = f"{self._plan.name}-{key}"
        port = openstack.networking.Port(
            name,
            name=name,
            network_id=segment.network.id,
            fixed_ips=[{"subnet_id": segment.subnet.id, "ip_address": segment.gateway}],
            no_security_groups=True,
            opts=child,
        )
        return openstack.networking.RouterInterface(
            name, router_id=self.router.id, port_id=port.id, opts=self._shared
        )

    def _shared_legs(self) -> list[openstack.networking.RouterInterface]:
        side, platform = self._platform.sides[self._plan.side.value], self._platform
        wanted = {
            "management": (platform.management_network, platform.management_subnet, self._plan.management),
            "backbone": (side.backbone_network, side.backbone_subnet, self._plan.backbone),
        }
        legs = []
        for key, (network, subnet, address) in wanted.items():
            if address is None:
                continue
            name = f"{self._plan.name}-{key}"
            port = openstack.networking.Port(
                name,
                name=name,
                tenant_id=self._project,
                network_id=network,
                fixed_ips=[{"subnet_id": subnet, "ip_address": str(address)}],
                no_security_groups=True,
                opts=self._shared,
            )
            legs.append(
                openstack.networking.RouterInterface(
                    name, router_id=self.router.id, port_id=port.id, opts=self._shared
                )
            )
        return legs

    def _routes(self) -> openstack.networking.RouterRoutesV2:
        return openstack.networking.RouterRoutesV2(
            self._plan.name,
            router_id=self.router.id,
            routes=[
                {"destination_cidr": route.destination.with_prefixlen, "next_hop": str(route.next_hop)}
                for route in self._plan.routes
            ],
            opts=pulumi.ResourceOptions.merge(self._shared, pulumi.ResourceOptions(depends_on=self.legs)),
        )
