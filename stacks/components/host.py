"""A host: a port with the plan's address and groups, a server, its volumes, a floating IP if published."""

from __future__ import annotations

import pulumi
import pulumi_openstack as openstack

from stacks.components.segment import Segment
from stacks.components.volume import Volume
from stacks.outputs import PlatformOutputs
from stacks.plan.model import HostPlan


class Host(pulumi.ComponentResource):
    """One server of the tenant."""

    def __init__(
        self,
        plan: HostPlan,
        *,
        platform: PlatformOutputs,
        segment: Segment,
        security_groups: list[pulumi.Output[str]],
        key: openstack.compute.Keypair,
        tags: tuple[str, ...],
        availability_zone: str | None,
        before: list[pulumi.Resource],
        opts: pulumi.ResourceOptions,
    ) -> None:
        """Create the host."""
        super().__init__("govcloud:compute:Host", plan.name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.port = openstack.networking.Port(
            plan.name,
            name=plan.name,
            network_id=segment.network.id,
            fixed_ips=[{"subnet_id": segment.subnet.id, "ip_address": str(plan.address)}],
            security_group_ids=security_groups,
            tags=list(tags),
            opts=child,
        )
        self.server = openstack.compute.Instance(
            plan.name,
            name=plan.name,
            image_id=platform.image_in(availability_zone),
            flavor_id=platform.flavors[plan.flavor],
            key_pair=key.name,
            networks=[{"port": self.port.id}],
            tags=list(tags),
            availability_zone=availability_zone,
            # Its port has one server at a time, and so has a volume.
            opts=pulumi.ResourceOptions(parent=self, depends_on=before, delete_before_replace=True),
        )
        self.floating_ip = (
            openstack.networking.FloatingIp(
                plan.name,
                pool=platform.external_network_name,
                port_id=self.port.id,
                description=", ".join(plan.hostnames),
                tags=list(tags),
                # After the server, so that a host that leaves is out of service before it is removed.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[*before, self.server]),
            )
            if plan.published
            else None
        )
        volumes = {
            volume.key: Volume(volume, server=self.server, tags=tags, opts=child) for volume in plan.volumes
        }
        self.outputs = {
            "id": self.server.id,
            "image": self.server.image_id,
            "address": str(plan.address),
            "floating_address": self.floating_ip.address if self.floating_ip else None,
            "volumes": {key: volume.outputs for key, volume in volumes.items()},
        }
        self.register_outputs({})
