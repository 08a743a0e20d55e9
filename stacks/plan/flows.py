"""Flows: which segment may open which service of which other segment.

A flow inside a tenant needs that tenant's word; a flow between tenants exists only when both declare it.
No flow crosses the sides, whatever the requests say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stacks.request.fields import Side
from stacks.request.platform import Platform
from stacks.request.tenant import Flow, TenantRequest


@dataclass(frozen=True, order=True)
class Endpoint:
    """A segment of a tenant."""

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


@dataclass(frozen=True, order=True)
class DeclaredFlow:
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


def agreed(platform: Platform, requests: Iterable[TenantRequest]) -> tuple[DeclaredFlow, ...]:
    """Every flow that all of its tenants declare and that stays on one side, sorted."""
    requests = tuple(requests)
    known = sides(platform, requests)
    declared = _declarations(requests)
    return tuple(
        sorted(
            flow for flow, count in declared.items() if count == len(flow.tenants) and _same_side(flow, known)
        )
    )


def by_tenant(flows: Iterable[DeclaredFlow]) -> dict[str, tuple[DeclaredFlow, ...]]:
    """Each tenant's flows, in the same order."""
    found: dict[str, list[DeclaredFlow]] = {}
    for flow in flows:
        for tenant in flow.tenants:
            found.setdefault(tenant, []).append(flow)
    return {tenant: tuple(own) for tenant, own in found.items()}


def pending(requests: Iterable[TenantRequest]) -> tuple[DeclaredFlow, ...]:
    """Flows that one tenant declares and the other does not yet; nothing is opened for them."""
    return tuple(waiting(requests))


def waiting(requests: Iterable[TenantRequest]) -> dict[DeclaredFlow, str]:
    """Every pending flow with the tenant that has not declared it, sorted."""
    requests = tuple(requests)
    declared = _declarations(requests)
    spoken = {(flow, request.id) for request in requests for flow in _declared_by(request)}
    return {
        flow: tenant
        for flow in sorted(declared)
        for tenant in sorted(flow.tenants)
        if (flow, tenant) not in spoken
    }


def _declarations(requests: tuple[TenantRequest, ...]) -> Counter[DeclaredFlow]:
    return Counter(flow for request in requests for flow in _declared_by(request))


def _declared_by(request: TenantRequest) -> set[DeclaredFlow]:
    """A tenant's word counts for its own flows only, not for those of strangers."""
    flows = {absolute(item, request.id) for item in request.flows}
    return {flow for flow in flows if request.id in flow.tenants}


def _same_side(flow: DeclaredFlow, known: Mapping[Endpoint, Side]) -> bool:
    source, target = known.get(flow.source), known.get(flow.target)
    return source is not None and source is target
