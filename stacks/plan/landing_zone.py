"""From checked requests to the whole plan."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from stacks.collector import uncollected
from stacks.errors import PlanError
from stacks.language import say
from stacks.plan import flows, rules
from stacks.plan.addressing import host_keys
from stacks.plan.allocation import require_distinct, require_fit
from stacks.plan.dedicated import require_same_wire, router_number
from stacks.plan.flows import Bounds, Endpoint
from stacks.plan.model import Plan
from stacks.plan.platform import plan_platform
from stacks.plan.tenant import Neighbourhood, plan_tenant
from stacks.plan.usage import require_quota
from stacks.request.landing_zone import load
from stacks.request.ledger import Ledger, read_ledger
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest


@uncollected()
def plan_landing_zone(
    platform: Platform, requests: tuple[TenantRequest, ...], ledger: Ledger, on: date | None = None
) -> Plan:
    """The plan of everything, from requests that have passed the checks.

    Args:
        platform: the platform file.
        requests: all of them.
        ledger: their addresses.
        on: the day that is planned, for seasons and whatever else expires; without one, no season holds.

    Raises:
        PlanError: something has no recorded address yet, or does not fit into its quota.
    """
    _require_recorded(platform, requests, ledger)
    shared = plan_platform(platform, requests, ledger)
    around = Neighbourhood(
        flows=flows.by_tenant(flows.agreed(platform, requests)),
        networks={
            Endpoint(request.id, segment.name): ledger.tenants[request.id].segments[segment.name]
            for request in requests
            for segment in request.segments
        },
        numbers={
            Endpoint(request.id, segment.name): router_number(
                request, segment.name, ledger.tenants[request.id]
            )
            for request in requests
            for segment in request.segments
        },
        bounds=Bounds.of(platform, requests),
        requests={request.id: request for request in requests},
        common=(
            *rules.core_services(platform.core_services),
            *rules.administration(shared.management.bastion),
        ),
        parents=frozenset(node.tenant for node in shared.nodes),
        on=on,
    )
    tenants = tuple(
        plan_tenant(request, shared, ledger.tenants[request.id], around)
        for request in sorted(requests, key=lambda item: item.id)
    )
    for tenant in tenants:
        require_quota(tenant, shared)
    return Plan(platform=shared, tenants=tenants)


def plan_from_folder(tenants: Path, on: date | None = None) -> Plan:
    """The plan of a folder of request files and its ledger.

    Raises:
        RequestError: a file is wrong.
        PlanError: something has no recorded address yet.
    """
    zone = load(tenants)
    return plan_landing_zone(zone.platform.value, zone.requests, read_ledger(tenants), on)


def _require_recorded(platform: Platform, requests: tuple[TenantRequest, ...], ledger: Ledger) -> None:
    require_distinct(ledger)
    if missing := sorted(request.id for request in requests if not _recorded(platform, request, ledger)):
        raise PlanError(say("space.unrecorded", tenants=missing), say("space.unrecorded-hint"))


def _recorded(platform: Platform, request: TenantRequest, ledger: Ledger) -> bool:
    """Whether everything that a tenant requests has an entry; an entry that does not fit is an error."""
    given = ledger.tenants.get(request.id)
    if given is None:
        return False
    if request.dedicated_network and given.dedicated is None:
        return False
    for segment in request.segments:
        if segment.name in given.segments:
            require_same_wire(request, segment.name, given, platform)
            require_fit(platform, request.id, segment, given.segments[segment.name])
    return all(segment.name in given.segments for segment in request.segments) and all(
        key in given.hosts and given.hosts[key] in given.segments[segment]
        for key, segment in host_keys(request).items()
    )
