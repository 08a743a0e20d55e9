"""Nova's compute service for container hosts, which may have volumes here.

Run with the lab's own Python in place of `nova-compute`. libvirt gives a container a disk, and takes it back,
as it does with a machine. Nova's driver fits that but for two things: its word for the bus of a container's
disk, `lxc`, is none that libvirt knows; and it waits for the event that ends a removal, by the name of the
device, where libvirt's container driver gives no name and is done when it returns.
"""

from __future__ import annotations

import sys
from typing import Any

from nova.cmd import compute  # type: ignore[import-not-found,unused-ignore]  # only the lab's environment
from nova.virt.libvirt import driver  # type: ignore[import-not-found,unused-ignore]
from nova.virt.libvirt.volume.volume import (  # type: ignore[import-not-found,unused-ignore]
    LibvirtVolumeDriver,
)


class ContainerVolumes(LibvirtVolumeDriver):  # type: ignore[misc,unused-ignore]
    """A disk as libvirt's container driver takes it; a container has no bus, so any known word will do."""

    def get_config(self, connection_info: dict[str, Any], disk_info: dict[str, Any]) -> Any:  # noqa: ANN401 - Nova's
        """Nova's description with a bus that libvirt knows, and without a cache, which is QEMU's."""
        described = super().get_config(connection_info, disk_info | {"bus": "virtio"})
        described.driver_cache = None
        return described


def detach_at_once(
    nova: driver.LibvirtDriver, device: object, guest: object, instance: str, name: str
) -> None:
    """In place of Nova's removal that waits for an event."""
    nova._detach_sync(device, guest, instance, name, persistent=False, live=True)


if __name__ == "__main__":
    driver.VOLUME_DRIVERS["local"] = f"{__name__}.{ContainerVolumes.__name__}"
    driver.LibvirtDriver._detach_from_live_and_wait_for_event = detach_at_once
    sys.exit(compute.main())
