"""The example landing zone with a dedicated network and a volume: the portal's office lies on VLAN 2101."""

from __future__ import annotations

from datetime import date
from functools import cache

from stacks.plan.allocation import allocate
from stacks.plan.landing_zone import plan_landing_zone
from stacks.plan.model import Plan
from stacks.request.landing_zone import load
from stacks.request.ledger import Ledger
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest
from stacks.settings import REPOSITORY

TENANT, SEGMENT, VLAN = "xiangyang-portal", "office", 2101
VOLUME = {"name": "files", "size": 5, "mount": "/srv/files"}
DEDICATED = {"segments": [SEGMENT], "reason": "imaging by line"}


@cache
def plan() -> Plan:
    """Nothing of it is built: its addresses are given anew."""
    zone = load(REPOSITORY / "tenants")
    offer = {"physical_network": "vpn", "vlans": {f"{TENANT}/{SEGMENT}": VLAN}}
    platform = Platform.model_validate(
        {**zone.platform.value.model_dump(mode="json", by_alias=True), "dedicated_networks": offer}
    )
    requests = tuple(_wired(item) if item.id == TENANT else item for item in zone.requests)
    return plan_landing_zone(platform, requests, allocate(platform, requests, Ledger(), date(2026, 11, 22)))


def _wired(request: TenantRequest) -> TenantRequest:
    before = request.model_dump(mode="json", by_alias=True, exclude_unset=True)
    hosts = [
        {**host, "volumes": [VOLUME]} if host["segment"] == SEGMENT else host for host in before["hosts"]
    ]
    return TenantRequest.model_validate({**before, "dedicated_network": DEDICATED, "hosts": hosts})
