"""Everything that an audit looks at, gathered at once: hosts, portals and cloud side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any, TypeVar

from scripts.access.auditor import AuditedDeployment
from scripts.access.ssh import BASTION
from scripts.evidence.cloud import gather as cloud
from scripts.evidence.cloud.facts import CloudFacts
from scripts.evidence.host import gather as host
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.portal import gather as portal
from scripts.evidence.portal.facts import Attacks, PortalFacts
from scripts.evidence.said import said
from scripts.evidence.target import Target, targets
from stacks.errors import CloudError, GovcloudError, HostError

T = TypeVar("T")

PARALLEL = 8
"""Hosts that are asked at the same time; each costs one SSH session through the bastion."""


@dataclass(frozen=True)
class Estate:
    """The facts, as they arrive; asking for one that could not be gathered raises its error.

    Attributes:
        hosts: by plan name.
        portals: the same, for hosts with a portal.
    """

    deployment: AuditedDeployment
    hosts: Mapping[str, Future[HostFacts]]
    portals: Mapping[str, Future[PortalFacts]]
    all_cloud: Future[CloudFacts]

    def host(self, name: str) -> HostFacts:
        """The facts of a host."""
        return _fresh(self.hosts[name])

    def portal(self, name: str) -> PortalFacts:
        """What the outside sees of a portal host."""
        return _fresh(self.portals[name])

    @property
    def cloud(self) -> CloudFacts:
        """The facts of the cloud."""
        return _fresh(self.all_cloud)


def _fresh(future: Future[T]) -> T:
    """The result, or an error of its own for each caller: one raised again and again gathers frames."""
    error = future.exception()
    if isinstance(error, GovcloudError):
        raise type(error)(error.what, error.hint) from error
    return future.result()


def open_estate(
    deployment: AuditedDeployment,
    names: Collection[str],
    pool: ThreadPoolExecutor,
    *,
    with_cloud: bool = True,
) -> Estate:
    """Start to gather the facts of these hosts, and of the cloud.

    Args:
        with_cloud: whether anything asks for the cloud.
    """
    wanted = [target for target in targets(deployment.plan) if target.name in names]
    # Others wait for these, so they come first: a pool starts in the order of submission.
    bastion = [pool.submit(_bastion, deployment)] if wanted else []
    doors = {target.name: pool.submit(_door, deployment, target) for target in wanted if target.is_portal}
    attacks = {name: pool.submit(_attack, door) for name, door in doors.items()}
    all_cloud = pool.submit(cloud.gather, deployment) if with_cloud else _unasked()
    hosts = {
        target.name: pool.submit(_host, deployment, target, [*bastion, *_of(attacks, target.name)])
        for target in wanted
    }
    portals = {name: pool.submit(_portal, door, attacks[name]) for name, door in doors.items()}
    return Estate(deployment, hosts, portals, all_cloud)


def _unasked() -> Future[CloudFacts]:
    found: Future[CloudFacts] = Future()
    found.set_exception(CloudError("the cloud was not asked.", "Audit a whole tenant."))
    return found


def _bastion(deployment: AuditedDeployment) -> None:
    """One connection to the bastion: several at once would each try to become the shared one.

    Where it fails, every host behind it says so by itself.
    """
    with suppress(RuntimeError):
        host.connect(BASTION, deployment.ssh_config).run("true")


def _of(futures: Mapping[str, Future[T]], name: str) -> list[Future[T]]:
    return [futures[name]] if name in futures else []


def _host(deployment: AuditedDeployment, target: Target, first: Sequence[Future[Any]]) -> HostFacts:
    """A portal is attacked first, so that its host's log already tells of it."""
    wait(first)
    connection = host.connect(target.name, deployment.ssh_config)
    return host.gather(connection, target.name)


def _attack(door: Future[portal.Door]) -> Attacks:
    return portal.attack(_fresh(door))


def _portal(door: Future[portal.Door], attacks: Future[Attacks]) -> PortalFacts:
    return portal.gather(_fresh(door), _fresh(attacks))


def _door(deployment: AuditedDeployment, target: Target) -> portal.Door:
    return portal.Door(
        hostname=target.hostnames[0],
        address=str(public_address(deployment, target)),
        port=target.published_ports[0],
        proxy=deployment.access.proxy,
        authority=deployment.folder.authority,
    )


def public_address(deployment: AuditedDeployment, target: Target) -> IPv4Address:
    """The floating IP that leads to a host, as the cloud itself says.

    Raises:
        HostError: there is none.
    """
    if target.address in deployment.floating_ips:
        return deployment.floating_ips[target.address]
    raise HostError(
        said(
            "host {name} is published, but no floating IP leads to {address}.",
            name=target.name,
            address=target.address,
        ),
        "Run `govcloud up` for its tenant.",
    )
