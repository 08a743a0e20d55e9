"""Examples for the rule not-shared."""

from __future__ import annotations

from policies.resource import UNKNOWN
from tests.unit.policies.zone import PLATFORM, PORTAL, WIRED, planned, resource

NETWORK = ("networking/Network", "xiangyang-portal-office")
PASSING = [
    planned(PORTAL, *NETWORK),
    planned(PORTAL, *NETWORK, shared=False),
    planned(WIRED, *NETWORK),
    planned(PLATFORM, "networking/SubnetPool", "govcloud-internal-pool"),
]
FAILING = [
    ("shared is set", planned(PORTAL, *NETWORK, shared=True)),
    ("shared is set", planned(PORTAL, *NETWORK, shared=UNKNOWN)),
    ("shared is set", resource("networking/SubnetPool", "p", shared=True)),
    ("shared is set", planned(PLATFORM, "networking/Network", "govcloud-internal-backbone", shared=True)),
    ("external is set", planned(PORTAL, *NETWORK, external=True)),
    ("shared is set", planned(WIRED, *NETWORK, shared=True)),
    ("external is set", planned(WIRED, *NETWORK, external=True)),
    ("RBAC", resource("networking/RbacPolicyV2", "r", action="access_as_shared")),
    ("that others see", resource("images/Image", "i", visibility="public")),
]
