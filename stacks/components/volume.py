"""A volume: made once, attached to its host, and never removed by anything that only means the host."""

from __future__ import annotations

import pulumi
import pulumi_openstack as openstack

from stacks.plan.model import VolumePlan


class Volume(pulumi.ComponentResource):
    """One volume of one host."""

    def __init__(
        self,
        plan: VolumePlan,
        *,
        server: openstack.compute.Instance,
        tags: tuple[str, ...],
        opts: pulumi.ResourceOptions,
    ) -> None:
        """Create the volume and attach it; the host may be built anew, the volume stays."""
        super().__init__("govcloud:storage:Volume", plan.name, None, opts)
        self.volume = openstack.blockstorage.Volume(
            plan.name,
            name=plan.name,
            size=plan.size,
            volume_type=plan.type,
            metadata=dict(tag.split("=", 1) for tag in tags),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=True,
                # Protected, so that another size or type is refused: the data would be left behind.
                replace_on_changes=["size", "volumeType"],
            ),
        )
        self.attachment = openstack.compute.VolumeAttach(
            plan.name,
            instance_id=server.id,
            volume_id=self.volume.id,
            # A volume has one host at a time.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.outputs = {"id": self.volume.id, "device": self.attachment.device}
        self.register_outputs({})
