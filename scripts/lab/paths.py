"""Where a lab keeps its files, and on which loopback ports it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stacks.settings import Settings

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Ports:
    """Loopback ports of one lab, the same inside the box and on the machine: the catalog names them.

    Attributes:
        offset: added to each well-known port, so that several labs share a machine.
    """

    offset: int = 0

    @property
    def keystone(self) -> int:
        """Identity API."""
        return 5000 + self.offset

    @property
    def nova(self) -> int:
        """Compute API."""
        return 8774 + self.offset

    @property
    def nova_metadata(self) -> int:
        """What the metadata agent asks; inside the box only."""
        return 8775 + self.offset

    @property
    def placement(self) -> int:
        """Placement API."""
        return 8778 + self.offset

    @property
    def cinder(self) -> int:
        """Block storage API."""
        return 8776 + self.offset

    @property
    def glance(self) -> int:
        """Image API."""
        return 9292 + self.offset

    @property
    def neutron(self) -> int:
        """Network API."""
        return 9696 + self.offset

    @property
    def socks(self) -> int:
        """SOCKS5 proxy that ends in the lab's own Internet."""
        return 10800 + self.offset

    @property
    def apis(self) -> dict[str, int]:
        """The ports of the public APIs by service name."""
        names = ("keystone", "glance", "placement", "neutron", "nova", "cinder")
        return {name: getattr(self, name) for name in names}

    @property
    def forwarded(self) -> dict[str, int]:
        """Every port that the lab opens on the machine's loopback."""
        return self.apis | {"socks": self.socks}


@dataclass(frozen=True)
class Lab:
    """One lab: its folders, its ports and its name in `clouds.yaml`.

    Attributes:
        cache: what survives a wipe: the OpenStack environment, images, database template, mirror.
        state: what a wipe removes: databases, disks, configuration, passwords, logs.
        ports: where it answers.
    """

    cache: Path
    state: Path
    ports: Ports

    @classmethod
    def from_settings(cls, settings: Settings) -> Lab:
        """The lab of a deployment; an offset gives it a state folder and a name of its own."""
        offset = settings.lab_port_offset
        cache = settings.cache / "lab"
        return cls(cache=cache, state=cache / f"state-{offset}", ports=Ports(offset))

    @property
    def name(self) -> str:
        """Its entry in `clouds.yaml`."""
        return f"lab-{self.ports.offset}" if self.ports.offset else "lab"

    @property
    def config(self) -> Path:
        """Rendered configuration of the services."""
        return self.state / "etc"

    @property
    def log(self) -> Path:
        """One file a service."""
        return self.state / "log"

    @property
    def collected(self) -> Path:
        """What the log collector received: one file a sender, called by its address."""
        return self.state / "collected"

    @property
    def done(self) -> Path:
        """Markers of one-time steps."""
        return self.state / "done"

    @property
    def own_kernel_marker(self) -> Path:
        """There when the lab was asked for hosts with a kernel of their own; a wipe forgets it."""
        return self.state / "own-kernel"

    @property
    def own_kernel(self) -> bool:
        """Whether it has a second machine for hosts with a kernel of their own (`machine.py`)."""
        return self.own_kernel_marker.exists()

    @property
    def control(self) -> Path:
        """Unix socket of the box's process 1."""
        return self.state / "control"
