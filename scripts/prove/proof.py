"""The proof: every cell of the expected matrix probed, positive controls judged first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import IPv4Address

from scripts.access.deployment import Deployment
from scripts.prove.addresses import addresses
from scripts.prove.inside import probe_from
from scripts.prove.outside import probe_outside
from scripts.prove.result import Observation, Proof, broken_controls
from stacks.errors import HostError
from stacks.plan.flows import Endpoint
from stacks.plan.model import Plan
from stacks.plan.reachability import (
    BASTION,
    OUTSIDE,
    Cell,
    Prober,
    expected,
    hosts,
    probers,
    segments,
    unprobed,
)

TIMEOUT = 2.0
"""Seconds that a target has to answer; one retransmission of a SYN fits in (RFC 6298: after 1 s)."""

PARALLEL_HOSTS = 8
"""SSH calls at once; sshd's default MaxStartups drops connections beyond 10."""

Report = Callable[[str], None]


def prove(deployment: Deployment, report: Report) -> Proof:
    """Probe everything; `report` is told each source that is done.

    Raises:
        HostError: a host does not answer or is not built, or a positive control failed: the network is
            broken, and nothing can be said about the wall.
        CloudError: the cloud or the way to it does not answer.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    plan = _built(deployment)
    known = addresses(plan, deployment.outputs, deployment.settings.cloud)
    found = asyncio.run(_observe(deployment, plan, known, report))
    observations = tuple(sorted(found, key=lambda item: item.cell))
    _require_controls(observations)
    absent = {tenant.id for tenant in deployment.plan.tenants} - {tenant.id for tenant in plan.tenants}
    return Proof(
        institution=plan.platform.platform.name,
        cloud=deployment.settings.cloud,
        started=started,
        seconds=time.monotonic() - clock,
        observations=observations,
        sides={str(Endpoint(tenant.id, segment.key)): segment.side for tenant, segment in segments(plan)},
        unprobed=(*unprobed(plan), *sorted(absent)),
        exchanges=sum(len(tenant.exchanges) for tenant in plan.tenants),
    )


async def _observe(
    deployment: Deployment, plan: Plan, known: dict[str, IPv4Address], report: Report
) -> list[Observation]:
    """The bastion alone at first: its connection is the one that all others go through."""
    cells = _by_source(plan, known)
    sources = {prober.host: prober for prober in probers(plan)}
    limit = asyncio.Semaphore(PARALLEL_HOSTS)

    async def inside(prober: Prober) -> list[Observation]:
        async with limit:
            found = await _from_host(deployment, prober, cells[prober.source])
        report(prober.source)
        return found

    async def outside() -> list[Observation]:
        found = await _from_outside(deployment, cells[OUTSIDE])
        report(OUTSIDE)
        return found

    first = await inside(sources.pop(BASTION))
    rest = await asyncio.gather(outside(), *map(inside, sources.values()), return_exceptions=True)
    _raise_all(item for item in rest if isinstance(item, BaseException))
    return [*first, *(item for found in rest if isinstance(found, list) for item in found)]


Placed = tuple[Cell, IPv4Address]


def _by_source(plan: Plan, known: dict[str, IPv4Address]) -> dict[str, list[Placed]]:
    placed: dict[str, list[Placed]] = {}
    for cell in expected(plan):
        address = cell.target.address or known.get(cell.target.name)
        if address is not None:
            placed.setdefault(cell.source, []).append((cell, address))
    return placed


async def _from_host(deployment: Deployment, prober: Prober, cells: list[Placed]) -> list[Observation]:
    probes = [(address, cell.port, cell.allowed) for cell, address in cells]
    found = await probe_from(deployment.ssh_config, prober, probes, TIMEOUT)
    return [
        Observation(cell, address, connected, wired)
        for (cell, address), connected, wired in zip(cells, found.connected, found.wired, strict=True)
    ]


async def _from_outside(deployment: Deployment, cells: list[Placed]) -> list[Observation]:
    probes = [(address, cell.port, cell.allowed) for cell, address in cells]
    found = await probe_outside(deployment.access.proxy, probes, TIMEOUT)
    return [
        Observation(cell, address, outcome) for (cell, address), outcome in zip(cells, found, strict=True)
    ]


def _raise_all(errors: Iterable[BaseException]) -> None:
    """One error that names every host that failed; anything else as it is."""
    found = tuple(errors)
    for error in found:
        if not isinstance(error, HostError):
            raise error
    failed = [error for error in found if isinstance(error, HostError)]
    if failed:
        raise HostError("\n".join(error.what for error in failed), failed[0].hint)


def _built(deployment: Deployment) -> Plan:
    """The plan of the tenants that are up; a tenant that is only half up is an error."""
    outputs = deployment.outputs.tenants
    plan = replace(
        deployment.plan, tenants=tuple(tenant for tenant in deployment.plan.tenants if tenant.id in outputs)
    )
    missing = []
    for tenant, host in hosts(plan):
        built = outputs[tenant.id].hosts.get(host.key)
        if built is None or (host.published and not built.floating_address):
            missing.append(host.name)
    if missing:
        raise HostError(
            f"planned but not built, or without its floating IP: {', '.join(missing)}.",
            "Run `govcloud up --all`, then prove again.",
        )
    return plan


def _require_controls(observations: tuple[Observation, ...]) -> None:
    broken = broken_controls(observations)
    if broken:
        raise HostError(
            "the network is broken, not the wall; nothing is proved while these fail:\n"
            + "\n".join(map(str, broken)),
            "Mend the package source, the portal or the route to it (`govcloud doctor`), then prove again.",
        )
