"""The plan of one tenant: its request resolved against the platform, the ledger and its peers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Network

from stacks.plan import rules
from stacks.plan.addressing import automatic_pool, transit_address
from stacks.plan.dedicated import provider_segment
from stacks.plan.exchange import exchanges
from stacks.plan.flows import DeclaredFlow, Endpoint
from stacks.plan.grants import grants
from stacks.plan.ledger import TenantAddresses
from stacks.plan.lineage import ancestors, node_name
from stacks.plan.model import (
    HostPlan,
    PlatformPlan,
    Route,
    RouterPlan,
    SecurityGroupPlan,
    SegmentPlan,
    TenantPlan,
    publication_name,
)
from stacks.plan.placement import placement
from stacks.plan.season import host_count, quota_on
from stacks.request.fields import Side
from stacks.request.platform import QuotaClass
from stacks.request.tenant import Host, Segment, TenantRequest


@dataclass(frozen=True)
class Neighbourhood:
    """What a tenant's plan needs to know of the others.

    Attributes:
        flows: the agreed flows of each tenant that has some.
        networks: the network of every segment.
        numbers: the ledger's ordinal of every tenant.
        sides: the side of every segment.
        requests: every request, by its id.
        parents: the tenants that have others below them.
        on: the day that is planned; without one, no season holds.
    """

    flows: dict[str, tuple[DeclaredFlow, ...]]
    networks: dict[Endpoint, IPv4Network]
    numbers: dict[str, int]
    sides: dict[Endpoint, Side]
    requests: dict[str, TenantRequest]
    parents: frozenset[str]
    on: date | None = None


def plan_tenant(
    request: TenantRequest, platform: PlatformPlan, given: TenantAddresses, around: Neighbourhood
) -> TenantPlan:
    """Decide everything of one tenant."""
    segments = tuple(_segment(request, segment, platform, around) for segment in request.segments)
    publications = tuple(_publication(request, group) for group in _published_groups(request))
    above = ancestors(request.id, around.requests)
    return TenantPlan(
        id=request.id,
        request=request,
        project=request.id,
        lineage=above,
        node=node_name(request.id) if request.id in around.parents else None,
        placement=placement(request, platform.platform),
        grants=grants(request, above, around.requests),
        description=f"{request.name.en} / {request.name.zh}",
        tags=_tags(request),
        quotas=_quotas(request, platform, around.on),
        segments=segments,
        routers=_routers(request, platform, given, segments, around),
        publications=publications,
        hosts=tuple(
            _host(request, host, index, given, segments, publications)
            for host in request.hosts
            for index in range(1, host_count(request, host, around.on) + 1)
        ),
        exchanges=exchanges(request, around.requests, around.on),
    )


def _tags(request: TenantRequest) -> tuple[str, ...]:
    return (
        f"tenant={request.id}",
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
    cidr, side = around.networks[endpoint], around.sides[endpoint]
    name = f"{request.id}-{segment.name}"
    management, own_flows = platform.management, around.flows.get(request.id, ())
    return SegmentPlan(
        key=segment.name,
        name=name,
        zone=segment.zone,
        side=side,
        cidr=cidr,
        gateway=cidr[1],
        pool=automatic_pool(cidr),
        host_routes=_internal_routes(platform, cidr) if side is Side.INTERNAL else (),
        security_group=SecurityGroupPlan(
            name=name,
            description=f"Every host of segment {endpoint}",
            rules=(
                *rules.floor(cidr),
                *rules.core_services(platform.platform.core_services),
                *rules.administration(management.bastion),
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
    given: TenantAddresses,
    segments: tuple[SegmentPlan, ...],
    around: Neighbourhood,
) -> tuple[RouterPlan, ...]:
    return tuple(
        _router(request, side, platform, given, segments, around)
        for side in Side
        if any(segment.side is side for segment in segments)
    )


def _router(
    request: TenantRequest,
    side: Side,
    platform: PlatformPlan,
    given: TenantAddresses,
    segments: tuple[SegmentPlan, ...],
    around: Neighbourhood,
) -> RouterPlan:
    own = tuple(segment for segment in segments if segment.side is side)
    published_segments = {host.segment for host in request.hosts if host.name in _published_groups(request)}
    backbone = {plan.side: plan.backbone for plan in platform.sides}[side]
    peers = tuple(sorted(_peer_routes(request.id, side, backbone, around)))
    services = tuple(Route(service, platform.management.gateway) for service in platform.services)
    return RouterPlan(
        side=side,
        name=f"{request.id}-{side}",
        external_gateway=any(segment.key in published_segments for segment in own),
        segments=tuple(segment.key for segment in own),
        management=transit_address(platform.management.network, given.number, side),
        backbone=transit_address(backbone, given.number, side) if peers else None,
        routes=(*services, *peers),
    )


def _peer_routes(tenant: str, side: Side, backbone: IPv4Network, around: Neighbourhood) -> set[Route]:
    """One route to the far end of every flow with another tenant; packets need it in both directions."""
    found = set()
    for flow in around.flows.get(tenant, ()):
        for near, far in ((flow.source, flow.target), (flow.target, flow.source)):
            if near.tenant == tenant != far.tenant and around.sides[near] is side:
                next_hop = transit_address(backbone, around.numbers[far.tenant], side)
                found.add(Route(around.networks[far], next_hop))
    return found


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
