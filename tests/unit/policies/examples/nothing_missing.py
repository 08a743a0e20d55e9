"""Examples for the rule nothing-missing."""

from __future__ import annotations

from tests.unit.policies.zone import PLATFORM, PORTAL, altered, stack

PASSING = [
    stack(PORTAL),
    altered(PLATFORM, ("images/Image", "image")),
]
FAILING = [
    ("identity/Project 'xiangyang-portal'", altered(PORTAL, ("identity/Project", PORTAL))),
    ("compute/QuotaSetV2", altered(PORTAL, ("compute/QuotaSetV2", PORTAL))),
    ("compute/Instance", altered(PORTAL, ("compute/Instance", "xiangyang-portal-oa-1"))),
    ("networking/RouterRoutesV2", altered(PLATFORM, ("networking/RouterRoutesV2", "govcloud-management"))),
]
