"""Releasing: what nobody requests any more cools down before anybody else may have it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from stacks.plan.addressing import host_keys
from stacks.request.ledger import Ledger, Released, TenantAddresses
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest

NOTHING = TenantAddresses(number=0)


def release(platform: Platform, requests: list[TenantRequest], ledger: Ledger, on: date) -> Ledger:
    """The ledger of what is still requested, with everything else cooling down or, in time, gone.

    Args:
        platform: says how long released space cools down.
        requests: all of them.
        ledger: the entries so far.
        on: the day on which what is missing counts as released.
    """
    until = on + timedelta(days=platform.cool_down_days)
    kept = {
        request.id: _kept(request, ledger.tenants[request.id])
        for request in requests
        if request.id in ledger.tenants
    }
    cooling = [*ledger.cooling, *_released(ledger, kept, on, until)]
    return Ledger(tenants=kept, cooling=tuple(item for item in cooling if item.until > on))


def _kept(request: TenantRequest, given: TenantAddresses) -> TenantAddresses:
    """What a tenant still requests of what it was given."""
    wanted, keys = {segment.name for segment in request.segments}, host_keys(request)
    segments = {name: network for name, network in given.segments.items() if name in wanted}
    hosts = {
        key: address
        for key, address in given.hosts.items()
        if keys.get(key) in segments and address in segments[keys[key]]
    }
    return TenantAddresses(
        number=given.number,
        dedicated=given.dedicated if request.dedicated_network else None,
        vlans={name: vlan for name, vlan in given.vlans.items() if name in wanted},
        segments=segments,
        hosts=hosts,
    )


def _released(ledger: Ledger, kept: dict[str, TenantAddresses], on: date, until: date) -> Iterator[Released]:
    """What was given and is not kept."""
    for tenant, given in ledger.tenants.items():
        stays = kept.get(tenant, NOTHING)
        if tenant not in kept:
            yield Released(holder=tenant, number=given.number, released=on, until=until)
        if given.dedicated is not None and stays.dedicated is None:
            yield Released(holder=f"{tenant}/dedicated", number=given.dedicated, released=on, until=until)
        for name, network in given.segments.items() - stays.segments.items():
            yield Released(holder=f"{tenant}/{name}", network=network, released=on, until=until)
        for key, address in given.hosts.items() - stays.hosts.items():
            yield Released(holder=f"{tenant}/{key}", address=address, released=on, until=until)
