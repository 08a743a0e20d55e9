"""The plan of what is shared: sides, management network, bastion."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from stacks.plan import naming, rules
from stacks.plan.addressing import automatic_pool, transit_address
from stacks.plan.dedicated import router_number
from stacks.plan.grants import groups, roles
from stacks.plan.lineage import nodes
from stacks.plan.model import (
    Direction,
    ManagementPlan,
    PlatformPlan,
    Route,
    Rule,
    SecurityGroupPlan,
    SidePlan,
)
from stacks.request.ledger import Ledger
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest

BASTION = 10
"""Offset of the bastion in the management network."""


def plan_platform(platform: Platform, requests: tuple[TenantRequest, ...], ledger: Ledger) -> PlatformPlan:
    """Decide everything that is shared."""
    network = platform.management.network
    return PlatformPlan(
        platform=platform,
        sides=tuple(
            SidePlan(
                side=side,
                scope=f"govcloud-{side}",
                pool=networks.pool,
                backbone=networks.backbone,
                adopted=networks.adopted,
            )
            for side, networks in sorted(platform.sides.items())
        ),
        management=ManagementPlan(
            network=network,
            gateway=network[1],
            bastion=network[BASTION],
            pool=automatic_pool(network),
            operators=platform.management.operators,
            bastion_security_group=_bastion(platform),
        ),
        tenant_routes=tuple(sorted(_tenant_routes(platform, requests, ledger), key=attrgetter("order"))),
        groups=groups(platform, requests),
        roles=roles(requests),
        nodes=nodes({request.id: request for request in requests}),
    )


def _tenant_routes(
    platform: Platform, requests: tuple[TenantRequest, ...], ledger: Ledger
) -> Iterator[Route]:
    for request in requests:
        given = ledger.tenants[request.id]
        for segment in request.segments:
            side = platform.zones[segment.zone].side
            number = router_number(request, segment.name, given)
            next_hop = transit_address(platform.management.network, number, side)
            yield Route(given.segments[segment.name], next_hop)


def _bastion(platform: Platform) -> SecurityGroupPlan:
    sides = sorted(platform.sides.items())
    return SecurityGroupPlan(
        name=naming.BASTION,
        description="The bastion: operators in, host administration out",
        rules=(
            *rules.floor(platform.management.network),
            *rules.core_services(platform.core_services),
            *(
                Rule(Direction.INGRESS, "tcp", 22, operators, "operators")
                for operators in platform.management.operators
            ),
            *(
                Rule(Direction.EGRESS, "tcp", 22, network, f"administration of {side} hosts")
                for side, networks in sides
                for network in networks.space
            ),
        ),
    )
