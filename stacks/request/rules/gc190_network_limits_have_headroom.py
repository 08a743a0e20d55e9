"""A limit of the network is larger than what the request itself asks for.

Neutron reserves before it makes: of objects that are made side by side, the last may meet the reservation of
one that is there already, and is refused (409) although all would fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic
from stacks.request.needs import quotas

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC190"
LIMITS = ("networks", "routers", "ports", "floating_ips", "security_groups")
"""Those of Neutron's that can be counted in a request."""


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every limit of Neutron's that the request uses up to the last object."""
    for quota in quotas(zone):
        for name in LIMITS:
            if quota.need[name] == quota.limits[name] > 0:
                yield quota.finding(CODE, name)
