"""Examples for the rule no-inside-floating-ip."""

from __future__ import annotations

from tests.unit.policies.zone import OFFICE, PORTAL, planned, resource

PASSING = [
    planned(PORTAL, "networking/FloatingIp", "xiangyang-portal-web-1"),
    planned(PORTAL, "networking/Router", "xiangyang-portal-external"),
    planned(PORTAL, "networking/Router", "xiangyang-portal-internal"),
]
OUTSIDE = {"externalNetworkId": "public"}
FAILING = [
    ("no host of the external side", resource("networking/FloatingIp", "xiangyang-portal-oa-1")),
    ("no host of the external side", resource("networking/FloatingIp", "taihe-office-oa-1", OFFICE)),
    ("no host of the external side", resource("compute/FloatingIp", "any")),
    ("provider network", planned(PORTAL, "networking/Router", "xiangyang-portal-internal", **OUTSIDE)),
]
