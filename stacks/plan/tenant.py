"""The plan of one tenant: its request resolved against the platform, the ledger and its peers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from ipaddress import IPv4Network
from operator import attrgetter

from stacks.plan import rules
from stacks.plan.addressing import automatic_pool, transit_address
from stacks.plan.dedicated import provider_segment
from stacks.plan.exchange import exchanges
from stacks.plan.flows import Bounds, DeclaredFlow, Endpoint
from stacks.plan.grants import grants
from stacks.plan.lineage import ancestors, node_name
from stacks.plan.model import (
    HostPlan,
    PlatformPlan,
    Route,
    RouterPlan,
    Rule,
    SecurityGroupPlan,
    SegmentPlan,
    TenantPlan,
    publication_name,
)
from stacks.plan.naming import owner_tag
from stacks.plan.placement import placement
from stacks.plan.season import host_count, quota_on
from stacks.plan.volumes import volumes
from stacks.request.fields import Side
from stacks.request.ledger import TenantAddresses
from stacks.request.platform import QuotaClass
from stacks.request.tenant import Host, Segment, TenantRequest


@dataclass(frozen=True)
class Neighbourhood:
    """What a tenant's plan needs to know of the others.

    Attributes:
        flows: the agreed flows of each tenant that has some.
        networks: the network of every segment.
        numbers: the ledger's ordinal of the router that each segment hangs on.
        bounds: what no agreement opens; knows the side of every segment.
        requests: every request, by its id.
        common: the rules of every host: the platform's services and its administration.
        parents: the tenants that have others below them.
        on: the day that is planned; without one, no season holds.
    """

    flows: dict[str, tuple[DeclaredFlow, ...]]
    networks: dict[Endpoint, IPv4Network]
    numbers: dict[Endpoint, int]
    bounds: Bounds
    requests: dict[str, TenantRequest]
    common: tuple[Rule, ...]
    parents: frozenset[str]
    on: date | None = None


def plan_tenant(
    request: TenantRequest, platform: PlatformPlan, given: TenantAddresses, around: Neighbourhood
) -> TenantPlan:
    """Decide everything of one tenant."""
    segments = tuple(_segment(request, segment, platform, around) for segment in request.segments)
    publications = tuple(_publication(request, group) for group in _published_groups(request))
    above = ancestors(request.id, around.requests)
    placed = placement(request, platform.platform)
    return TenantPlan(
        id=request.id,
        request=request,
        project=request.id,
        lineage=above,
        node=node_name(request.id) if request.id in around.parents else None,
        placement=placed,
        grants=grants(request, above, around.requests),
        description=f"{request.name.en} / {request.name.zh}",
        tags=_tags(request),
        quotas=_quotas(request, platform, around.on),
        segments=segments,
        routers=_routers(request, platform, segments, around),
        publications=publications,
        hosts=tuple(
            replace(
                _host(request, host, index, given, segments, publications),
                volumes=volumes(request.id, host, index, placed),
            )
            for host in request.hosts
            for index in range(1, host_count(request, host, around.on) + 1)
        ),
        exchanges=exchanges(request, around.bounds, around.on),
    )


def _tags(request: TenantRequest) -> tuple[str, ...]:
    return (
        owner_tag(request.id),
        f"classification={request.classification}",
        f"environment={request.environment}",
        "managed-by=govcloud",
    )


def _quotas(request: TenantRequest, platform: PlatformPlan, on: date | None) -> QuotaClass:
    allowed = request.quota.applied_to(platform.platform.quota_classes[request.quota.quota_class])
    return quota_on(request, allowed, on)


def _segment(
    request: TenantRequest, segment: Segment, platform: PlatformPlan, around: Neighbourhood
) -> SegmentPlan:
    endpoint = Endpoint(request.id, segment.name)
    cidr, side = around.networks[endpoint], around.bounds.sides[endpoint]
    name = f"{request.id}-{segment.name}"
    own_flows = around.flows.get(request.id, ())
    inhabited = any(host.segment == segment.name for host in request.hosts)
    return SegmentPlan(
        key=segment.name,
        name=name,
        zone=segment.zone,
        side=side,
        cidr=cidr,
        gateway=cidr[1],
        pool=automatic_pool(cidr),
        host_routes=_internal_routes(platform, cidr) if side is Side.INTERNAL and inhabited else (),
        security_group=SecurityGroupPlan(
            name=name,
            description=f"Every host of segment {endpoint}",
            rules=(
                *rules.floor(cidr),
                *around.common,
                *rules.of_segment(endpoint, platform.platform, own_flows, around.networks),
            ),
        ),
        provider=provider_segment(request, segment.name, platform.platform),
    )


def _internal_routes(platform: PlatformPlan, cidr: IPv4Network) -> tuple[Route, ...]:
    own_side = {side.side: side for side in platform.sides}[Side.INTERNAL]
    destinations = (platform.management.network, *platform.services, *own_side.space)
    return tuple(Route(destination, cidr[1]) for destination in destinations)


def _published_groups(request: TenantRequest) -> list[str]:
    return sorted({publication.host for publication in request.publish})


def _publication(request: TenantRequest, group: str) -> SecurityGroupPlan:
    ports = [publication.port for publication in request.publish if publication.host == group]
    return SecurityGroupPlan(
        name=publication_name(request.id, group),
        description=f"Published ports of hosts {group}",
        rules=rules.published(ports),
    )


def _routers(
    request: TenantRequest,
    platform: PlatformPlan,
    segments: tuple[SegmentPlan, ...],
    around: Neighbourhood,
) -> tuple[RouterPlan, ...]:
    groups = (
        tuple(item for item in segments if item.side is side and (item.provider is not None) is dedicated)
        for side in Side
        for dedicated in (False, True)
    )
    return tuple(_router(request, platform, own, around) for own in groups if own)


def _router(
    request: TenantRequest,
    platform: PlatformPlan,
    segments: tuple[SegmentPlan, ...],
    around: Neighbourhood,
) -> RouterPlan:
    """The router of segments that have their side in common, and whether they are dedicated."""
    side, dedicated = segments[0].side, segments[0].provider is not None
    own = frozenset(Endpoint(request.id, segment.key) for segment in segments)
    number = around.numbers[next(iter(own))]
    published_segments = {host.segment for host in request.hosts if host.name in _published_groups(request)}
    backbone = {plan.side: plan.backbone for plan in platform.sides}[side]
    peers = tuple(sorted(_peer_routes(own, side, backbone, around), key=attrgetter("order")))
    services = tuple(Route(service, platform.management.gateway) for service in platform.services)
    return RouterPlan(
        side=side,
        name=f"{request.id}-dedicated-{side}" if dedicated else f"{request.id}-{side}",
        external_gateway=any(segment.key in published_segments for segment in segments),
        segments=tuple(segment.key for segment in segments),
        management=transit_address(platform.management.network, number, side),
        backbone=transit_address(backbone, number, side) if peers else None,
        routes=(*services, *peers),
        dedicated=dedicated,
    )


def _peer_routes(
    own: frozenset[Endpoint], side: Side, backbone: IPv4Network, around: Neighbourhood
) -> Iterator[Route]:
    """One route to the far end of every flow with another router; packets need it in both directions."""
    peers = {
        far
        for flow in around.flows.get(next(iter(own)).tenant, ())
        for near, far in ((flow.source, flow.target), (flow.target, flow.source))
        if near in own and far not in own
    }
    for far in peers:
        yield Route(around.networks[far], transit_address(backbone, around.numbers[far], side))


def _host(
    request: TenantRequest,
    host: Host,
    index: int,
    given: TenantAddresses,
    segments: tuple[SegmentPlan, ...],
    publications: tuple[SecurityGroupPlan, ...],
) -> HostPlan:
    key = f"{host.name}-{index}"
    segment = next(item for item in segments if item.key == host.segment)
    mine = [item for item in request.publish if item.host == host.name]
    opened = [group for group in publications if group.name == publication_name(request.id, host.name)]
    return HostPlan(
        key=key,
        name=f"{request.id}-{key}",
        group=host.name,
        segment=host.segment,
        address=given.hosts[key],
        flavor=host.flavor,
        workload=host.workload,
        site=host.site,
        rules=(*segment.security_group.rules, *(rule for group in opened for rule in group.rules)),
        hostnames=tuple(sorted({item.hostname for item in mine})),
        published_ports=tuple(sorted({item.port for item in mine})),
    )
