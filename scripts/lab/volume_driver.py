"""Cinder's driver for the lab: a volume is a sparse file, and a loop device for as long as a host uses it.

Run by `cinder-volume` with the lab's own Python. The kernel of a small machine has neither device-mapper nor
iSCSI nor NFS, but loop devices. A host is told a link of a name that stays, so that it finds its volume again
after a restart of the lab, when the volume has another device.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cinder import interface  # type: ignore[import-not-found,unused-ignore]  # only the lab's environment
from cinder.volume import driver  # type: ignore[import-not-found,unused-ignore]
from oslo_config import cfg  # type: ignore[import-not-found,unused-ignore]

if TYPE_CHECKING:
    from collections.abc import Mapping

GIB = 1 << 30


def _losetup(*words: str | Path) -> str:
    done = subprocess.run(["losetup", *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@interface.volumedriver
class FileVolumes(driver.VolumeDriver):  # type: ignore[misc,unused-ignore]
    """Volumes as files in the lab's state; Nova's word for such a connection is `local`."""

    VERSION = "1.0"

    def do_setup(self, _context: object) -> None:
        """Make the folders."""
        self.files = Path(cfg.CONF.state_path, "volumes")
        self.links = self.files.with_name("devices")
        for folder in (self.files, self.links):
            folder.mkdir(parents=True, exist_ok=True)

    def check_for_setup_error(self) -> None:
        """Fail at the start of the service where loop devices are missing."""
        _losetup("--list")

    def get_volume_stats(self, refresh: bool = False) -> dict[str, Any]:  # noqa: ARG002 - Cinder's
        """What the scheduler asks: the room of the file system."""
        room = os.statvfs(self.files)
        return {
            "volume_backend_name": self.configuration.safe_get("volume_backend_name"),
            "vendor_name": "govcloud lab",
            "driver_version": self.VERSION,
            "storage_protocol": "local",
            "total_capacity_gb": room.f_blocks * room.f_frsize / GIB,
            "free_capacity_gb": room.f_bavail * room.f_frsize / GIB,
            "thin_provisioning_support": True,
            "max_over_subscription_ratio": 20.0,
            "multiattach": False,
        }

    def local_path(self, volume: Mapping[str, Any]) -> str:
        """The volume's file."""
        return str(self.files / volume["id"])

    def create_volume(self, volume: Mapping[str, Any]) -> None:
        """Make the file; it takes room only where something is written."""
        with open(self.local_path(volume), "xb") as file:  # noqa: PTH123 - its mode is the umask's
            file.truncate(volume["size"] * GIB)
        os.chmod(self.local_path(volume), 0o600)  # noqa: PTH101

    def delete_volume(self, volume: Mapping[str, Any]) -> None:
        """Remove the file; one that is gone already is as good."""
        self._release(volume)
        Path(self.local_path(volume)).unlink(missing_ok=True)

    def extend_volume(self, volume: Mapping[str, Any], new_size: int) -> None:
        """Lengthen the file, and what a host sees of it."""
        os.truncate(self.local_path(volume), new_size * GIB)
        for device in self._devices(volume):
            _losetup("--set-capacity", device)

    def ensure_export(self, _context: object, volume: Mapping[str, Any]) -> None:
        """After a restart of the lab: give a volume that a host uses a device again."""
        if volume["status"] == "in-use":
            self._connect(volume)

    def create_export(self, _context: object, volume: Mapping[str, Any], connector: object) -> None:
        """Nothing: a volume has a device only while a host uses it."""

    def remove_export(self, _context: object, volume: Mapping[str, Any]) -> None:
        """Nothing, as above."""

    def initialize_connection(
        self, volume: Mapping[str, Any], _connector: object, **_: object
    ) -> dict[str, Any]:
        """A device, by the link that stays."""
        return {"driver_volume_type": "local", "data": {"device_path": str(self._connect(volume))}}

    def terminate_connection(self, volume: Mapping[str, Any], _connector: object, **_: object) -> None:
        """Take the device back."""
        self._release(volume)

    def _devices(self, volume: Mapping[str, Any]) -> list[str]:
        """Devices that stay. One that was detached while in use goes with its last user, whenever that is."""
        listing = _losetup(
            "--noheadings", "--output", "NAME,AUTOCLEAR", "--associated", self.local_path(volume)
        )
        rows = (line.split() for line in listing.splitlines())
        return [name for name, going in rows if going == "0"]

    def _connect(self, volume: Mapping[str, Any]) -> Path:
        found = self._devices(volume) or [_losetup("--find", "--show", self.local_path(volume))]
        link: Path = self.links / volume["id"]
        draft = link.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        draft.symlink_to(found[0])
        draft.rename(link)
        return link

    def _release(self, volume: Mapping[str, Any]) -> None:
        for device in self._devices(volume):
            _losetup("--detach", device)
        (self.links / volume["id"]).unlink(missing_ok=True)
