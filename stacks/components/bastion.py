"""The bastion: the one way in for operators, the one source of host administration."""

from __future__ import annotations

import pulumi
import pulumi_openstack as openstack

from stacks.components.management import Management
from stacks.components.security_group import SecurityGroup
from stacks.plan import naming
from stacks.plan.model import PlatformPlan


class Bastion(pulumi.ComponentResource):
    """A host on the management network with a floating IP; it has no leg on either side."""

    def __init__(
        self,
        plan: PlatformPlan,
        *,
        management: Management,
        image: pulumi.Input[str],
        flavor: pulumi.Input[str],
        public_key: str,
        opts: pulumi.ResourceOptions,
    ) -> None:
        """Create the host with its port, key and floating IP."""
        super().__init__("govcloud:compute:Bastion", "bastion", None, opts)
        child = pulumi.ResourceOptions(parent=self)
        name = naming.BASTION
        group = SecurityGroup(
            plan.management.bastion_security_group, tags=("managed-by=govcloud",), opts=child
        )
        port = openstack.networking.Port(
            name,
            name=name,
            network_id=management.network.id,
            fixed_ips=[{"subnet_id": management.subnet.id, "ip_address": str(plan.management.bastion)}],
            security_group_ids=[group.group.id],
            opts=child,
        )
        key = openstack.compute.Keypair(name, name=name, public_key=public_key, opts=child)
        self.server = openstack.compute.Instance(
            name,
            name=name,
            image_id=image,
            flavor_id=flavor,
            key_pair=key.name,
            networks=[{"port": port.id}],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[management.interface, *group.rules]),
        )
        self.floating_ip = openstack.networking.FloatingIp(
            name,
            pool=plan.platform.cloud.external_network,
            port_id=port.id,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[management.interface]),
        )
        self.register_outputs({})
