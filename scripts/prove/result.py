"""What the packets said, against what the plan says: observations, differences, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address

from scripts.prove.prober import Outcome
from stacks.plan.reachability import Cell
from stacks.request.fields import Side


@dataclass(frozen=True)
class Observation:
    """One cell with what its probes met.

    Attributes:
        address: what was probed, also where the plan did not know it.
        connected: by an ordinary connection.
        wired: by a packet below the prober's own firewall; `None` from the outside, which has no host.
    """

    cell: Cell
    address: IPv4Address
    connected: Outcome
    wired: Outcome | None = None

    @property
    def reached(self) -> bool:
        """Whether the target was reached, judged against what is expected of the cell.

        An allowed connection must work in the ordinary way, and a refusal counts only when it came from the
        wire: the prober's own firewall can refuse as well. A forbidden one must fail in both ways.
        """
        heard = self.connected if self.wired is None else self.wired
        if self.connected is Outcome.OPEN or not heard.reached:
            return self.connected is Outcome.OPEN
        return self.connected is Outcome.REFUSED or not self.cell.allowed

    @property
    def differs(self) -> bool:
        """Whether this is not what the plan says."""
        return self.reached is not self.cell.allowed

    def __str__(self) -> str:
        """The observation as a sentence."""
        cell = self.cell
        where = f"{cell.target.name}:{cell.port}"
        if cell.control and self.connected is Outcome.OPEN and self.wired is Outcome.SILENT:
            return f"{cell.source} reached {where}, but not below its own firewall"
        if not self.reached:
            due = f", although it must: {cell.reason}" if cell.allowed else ""
            return f"{cell.source} did not reach {where} ({self._met}){due}"
        return f"{cell.source} reached {where}" + (
            "" if cell.allowed else f", which no flow allows{self._how}"
        )

    @property
    def _how(self) -> str:
        past = self.wired is not None and not self.connected.reached
        return " (only the source host's own firewall held it back)" if past else ""

    @property
    def _met(self) -> str:
        if self.wired is not None and self.wired.reached:
            return "the source host's own firewall held it back"
        return {Outcome.SILENT: "no answer", Outcome.UNREACHABLE: "no route"}.get(
            self.connected, "refused on the way"
        )


@dataclass(frozen=True)
class Proof:
    """The whole matrix as observed.

    Attributes:
        institution: who runs the cloud.
        started: when the first probe was sent, with time zone.
        seconds: how long it took.
        observations: sorted by cell.
        sides: the side of every segment that was probed, by `tenant/segment`.
        unprobed: segments without a host and tenants that are not up, of which nothing is proved.
        exchanges: how many crossings of the wall are declared; none of them opens a connection.
    """

    institution: str
    cloud: str
    started: datetime
    seconds: float
    observations: tuple[Observation, ...]
    sides: Mapping[str, Side]
    unprobed: tuple[str, ...]
    exchanges: int = 0

    @property
    def differences(self) -> tuple[Observation, ...]:
        """What is not as planned; forbidden connections that work come first."""
        found = (observation for observation in self.observations if observation.differs)
        return tuple(sorted(found, key=lambda item: (item.cell.allowed, item.cell)))

    @property
    def reached(self) -> int:
        """Number of probes that arrived."""
        return sum(observation.reached for observation in self.observations)


def broken_controls(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Positive controls that failed: with these, silence elsewhere would prove nothing.

    A host's control must pass in both ways, or the silence of one of them means only that it does not work.
    """
    deaf = (Outcome.SILENT, Outcome.UNREACHABLE)
    return tuple(
        item for item in observations if item.cell.control and (not item.reached or item.wired in deaf)
    )


def as_json(proof: Proof) -> dict[str, object]:
    """The proof as plain data; the shape of `segmentation.json`."""
    return {
        "institution": proof.institution,
        "cloud": proof.cloud,
        "started": proof.started.isoformat(),
        "seconds": round(proof.seconds, 1),
        "holds": not proof.differences,
        "probes": len(proof.observations),
        "reached": proof.reached,
        "differences": [str(item) for item in proof.differences],
        "unprobed": list(proof.unprobed),
        "exchanges": proof.exchanges,
        "matrix": [_row(item) for item in proof.observations],
    }


def _row(item: Observation) -> Mapping[str, object]:
    cell = item.cell
    return {
        "source": cell.source,
        "prober": cell.prober,
        "target": cell.target.name,
        "kind": cell.target.kind,
        "address": str(item.address),
        "port": cell.port,
        "service": cell.service,
        "expected": cell.allowed,
        "reason": cell.reason,
        "observed": item.reached,
        "connect": item.connected,
        "wire": item.wired,
    }
