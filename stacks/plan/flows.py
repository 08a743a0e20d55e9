"""Flows: which segment may open which service of which other segment.

A flow inside a tenant needs that tenant's word; a flow between tenants exists only when both declare it. A
flow to a shared service needs the consumer's word, the provider's and the operators' approval. No flow
crosses the sides, or joins tenants whose classifications may not be peers, whatever the requests say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from stacks.plan.naming import PLATFORM_STACK
from stacks.request.fields import SHARED, Classification, Side
from stacks.request.platform import Platform
from stacks.request.tenant import Flow, TenantRequest


class Endpoint(NamedTuple):
    """A segment of a tenant; a tuple, because a province compares and sorts them by the hundred thousand."""

    tenant: str
    segment: str

    def __str__(self) -> str:
        """`tenant/segment`, as requests write it."""
        return f"{self.tenant}/{self.segment}"

    @classmethod
    def parse(cls, text: str, tenant: str) -> Endpoint:
        """Read `segment` (of `tenant`) or `tenant/segment`."""
        owner, _, segment = text.rpartition("/")
        return cls(owner or tenant, segment)


class DeclaredFlow(NamedTuple):
    """A flow in absolute names."""

    source: Endpoint
    target: Endpoint
    service: str

    @property
    def tenants(self) -> frozenset[str]:
        """The tenants that must declare it."""
        return frozenset({self.source.tenant, self.target.tenant})

    def __str__(self) -> str:
        """`from → to : service`."""
        return f"{self.source} → {self.target} : {self.service}"


Declared = Mapping[str, frozenset[DeclaredFlow]]
"""The flows that each tenant declares."""


def absolute(flow: Flow, tenant: str) -> DeclaredFlow:
    """A request's flow in absolute names."""
    return DeclaredFlow(
        Endpoint.parse(flow.source, tenant), Endpoint.parse(flow.target, tenant), flow.service
    )


def sides(platform: Platform, requests: Iterable[TenantRequest]) -> dict[Endpoint, Side]:
    """The side of every requested segment."""
    return {
        Endpoint(request.id, segment.name): platform.zones[segment.zone].side
        for request in requests
        for segment in request.segments
    }


@dataclass(frozen=True)
class Bounds:
    """What no agreement opens: a way through the wall, or between classifications that may not be peers.

    Attributes:
        sides: of every segment.
        classes: of every tenant.
        peers: pairs of classifications that may have to do with one another.
    """

    sides: Mapping[Endpoint, Side]
    classes: Mapping[str, Classification]
    peers: frozenset[tuple[Classification, Classification]]

    @classmethod
    def of(cls, platform: Platform, requests: tuple[TenantRequest, ...]) -> Bounds:
        """The bounds that the requests give one another."""
        classes = {request.id: request.classification for request in requests}
        pairs = product(Classification, Classification)
        peers = frozenset((one, other) for one, other in pairs if platform.peers(one, other))
        return cls(sides(platform, requests), classes, peers)

    def hold(self, flow: DeclaredFlow) -> bool:
        """Whether a flow stays within them; one to a segment that nobody requests does not."""
        source, target = self.sides.get(flow.source), self.sides.get(flow.target)
        return source is not None and source is target and self.of_peers(flow.source, flow.target)

    def of_peers(self, source: Endpoint, target: Endpoint) -> bool:
        """Whether the tenants of two segments that exist are one, or may be peers."""
        one, other = source.tenant, target.tenant
        return one == other or (self.classes[one], self.classes[other]) in self.peers


def agreed(platform: Platform, requests: Iterable[TenantRequest]) -> tuple[DeclaredFlow, ...]:
    """Every flow that all whom it concerns declare or approve and that stays within bounds, sorted."""
    requests = tuple(requests)
    declared, bounds = _declared(requests), Bounds.of(platform, requests)
    found = {
        flow
        for flow, count in _declarations(declared).items()
        if count == len(flow.tenants) and SHARED not in flow.tenants and bounds.hold(flow)
    }
    offers = _offers(platform, declared)
    for wish in _wishes(declared):
        if _approved(platform, wish):
            found.update(_answers(wish, offers, bounds))
    return tuple(sorted(found))


def by_tenant(flows: Iterable[DeclaredFlow]) -> dict[str, tuple[DeclaredFlow, ...]]:
    """Each tenant's flows, in the same order."""
    found: dict[str, list[DeclaredFlow]] = {}
    for flow in flows:
        for tenant in flow.tenants:
            found.setdefault(tenant, []).append(flow)
    return {tenant: tuple(own) for tenant, own in found.items()}


def waiting(platform: Platform, requests: Iterable[TenantRequest]) -> dict[DeclaredFlow, str]:
    """Every declared flow that opens nothing yet, sorted, with the tenant that has not declared it.

    A flow to a shared service waits for its provider, or for `platform` while the operators do not approve.
    """
    requests = tuple(requests)
    declared = _declared(requests)
    missing = {
        flow: tenant
        for flow in _declarations(declared)
        if SHARED not in flow.tenants
        for tenant in sorted(flow.tenants)
        if flow not in declared.get(tenant, ())
    }
    offers, bounds = _offers(platform, declared), Bounds.of(platform, requests)
    for wish in _wishes(declared):
        if not _approved(platform, wish):
            missing[wish] = PLATFORM_STACK
        elif not any(_answers(wish, offers, bounds)):
            missing[wish] = platform.shared_services[wish.target.segment].provider
    return dict(sorted(missing.items()))


def _offers(platform: Platform, declared: Declared) -> tuple[DeclaredFlow, ...]:
    """Flows from a shared service to a segment of the tenant that provides it."""
    return tuple(
        flow
        for tenant, flows in declared.items()
        for flow in flows
        if flow.source.tenant == SHARED
        and flow.source.segment in platform.shared_services
        and platform.shared_services[flow.source.segment].provider == tenant == flow.target.tenant
    )


def _wishes(declared: Declared) -> tuple[DeclaredFlow, ...]:
    """Flows from a tenant's own segment to a shared service."""
    return tuple(
        flow
        for tenant, flows in declared.items()
        for flow in flows
        if (flow.source.tenant, flow.target.tenant) == (tenant, SHARED)
    )


def _approved(platform: Platform, wish: DeclaredFlow) -> bool:
    """Whether the operators let that tenant use that service."""
    shared = platform.shared_services.get(wish.target.segment)
    return shared is not None and wish.source.tenant in shared.approved and wish.service in shared.services


def _answers(wish: DeclaredFlow, offers: tuple[DeclaredFlow, ...], bounds: Bounds) -> Iterator[DeclaredFlow]:
    """The flows that an approved wish becomes: one for every segment that the provider may offer to it."""
    for offer in offers:
        if (offer.source, offer.service) == (wish.target, wish.service):
            flow = DeclaredFlow(wish.source, offer.target, wish.service)
            if bounds.hold(flow):
                yield flow


def _declarations(declared: Declared) -> Counter[DeclaredFlow]:
    return Counter(flow for flows in declared.values() for flow in flows)


def _declared(requests: Iterable[TenantRequest]) -> Declared:
    """What each tenant says; its word counts for its own flows only, not for those of strangers."""
    found: dict[str, frozenset[DeclaredFlow]] = {}
    for request in requests:
        flows = {absolute(item, request.id) for item in request.flows}
        found[request.id] = frozenset(flow for flow in flows if request.id in flow.tenants)
    return found
