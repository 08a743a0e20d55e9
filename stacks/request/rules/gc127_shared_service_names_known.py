"""Provider, consumers and services of a shared service exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic, Key

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC127"


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every unknown name of a shared service."""
    tenants = [*(source.value.id for source in zone.tenants), *zone.unread]
    services = list(zone.platform.value.services)
    for name, shared in zone.platform.value.shared_services.items():
        names: list[tuple[Key, str, list[str]]] = [(("provider",), shared.provider, tenants)]
        names += [(("approved", index), tenant, tenants) for index, tenant in enumerate(shared.approved)]
        names += [(("services", index), item, services) for index, item in enumerate(shared.services)]
        for key, value, valid in names:
            if value not in valid:
                yield zone.platform.finding(CODE, "shared_services", name, *key, valid=valid)
