"""What a service of the lab is: data, and nothing that runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scripts.lab.box import Box


@dataclass(frozen=True)
class Http:
    """Healthy when an HTTP server answers with anything but 5xx.

    Attributes:
        network: the box's network (`box`), another one inside it, or `machine`.
    """

    port: int
    path: str = "/"
    host: str = "127.0.0.1"
    network: str = "box"


@dataclass(frozen=True)
class Tcp:
    """Healthy when the port accepts a connection.

    Attributes:
        network: as for `Http`.
    """

    port: int
    host: str = "127.0.0.1"
    network: str = "box"


@dataclass(frozen=True)
class UnixSocket:
    """Healthy when the socket, a path in the box, accepts a connection."""

    path: str


@dataclass(frozen=True)
class Probe:
    """Healthy when the program, run in the box, exits with 0."""

    argv: tuple[str, ...]


@dataclass(frozen=True)
class Ntp:
    """Healthy when a time server answers a client's question (RFC 5905)."""

    host: str
    network: str


@dataclass(frozen=True)
class Consumer:
    """Ready when the broker says that somebody consumes the queue."""

    queue: str


@dataclass(frozen=True)
class NovaReport:
    """Healthy when Nova's own API says that the worker reports in time.

    Attributes:
        queue: what it consumes as soon as it is of use to other workers.
        host: the machine it runs on, as Nova knows it.
    """

    binary: str
    queue: str
    host: str = "labhost"


@dataclass(frozen=True)
class CinderReport:
    """Healthy when Cinder's own API says that the worker reports in time.

    Attributes:
        queue: what it consumes as soon as it is of use to other workers.
    """

    binary: str
    queue: str


@dataclass(frozen=True)
class NeutronReport:
    """Healthy when Neutron's own API says that the agent is alive."""

    binary: str


@dataclass(frozen=True)
class Running:
    """Healthy when its process is there: nothing else can be asked of it."""


Check = Http | Tcp | UnixSocket | Probe | Ntp | Consumer | NovaReport | CinderReport | NeutronReport | Running


@dataclass(frozen=True)
class Service:
    """A program that runs for as long as the lab is up.

    Attributes:
        name: unique; also the name of its log.
        argv: the program; found on the box's PATH.
        needs: services and tasks that must be ready before it starts.
        health: how it is asked whether it works.
        netns: the network it runs in when that is not the box's own (`upstream`, `services`, `machine`).
        env: added to the environment of every service.
        patience: seconds until it must be ready; one that ends is told at once.
    """

    name: str
    argv: tuple[str, ...]
    health: Check
    needs: tuple[str, ...] = ()
    netns: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    patience: float = 300.0

    @property
    def ready(self) -> Check:
        """What others wait for: health, but of a worker less, for it reports only to a whole cloud."""
        if isinstance(self.health, NovaReport | CinderReport):
            return Consumer(self.health.queue)
        return Running() if isinstance(self.health, NeutronReport) else self.health


@dataclass(frozen=True)
class Task:
    """A step between services, such as making bridges.

    Attributes:
        once: remembered in the lab's state; otherwise it runs at every `up` and must converge.
    """

    name: str
    action: Callable[[Box], None]
    needs: tuple[str, ...] = ()
    once: bool = False


Node = Service | Task
