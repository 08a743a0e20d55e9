"""Examples for the rule known-kinds."""

from __future__ import annotations

from tests.unit.policies.zone import PLATFORM, PORTAL, planned, resource

PASSING = [
    planned(PORTAL, "compute/Instance", "xiangyang-portal-web-1"),
    planned(PLATFORM, "compute/Flavor", "flavor-small"),
]
FORBIDDEN = (
    "blockstorage/VolumeAttach",
    "compute/Flavor",
    "compute/InterfaceAttach",
    "images/Image",
    "loadbalancer/LoadBalancer",
    "networking/FloatingIpAssociate",
    "networking/PortSecGroupAssociate",
    "networking/RbacPolicyV2",
    "networking/RouterRoute",
    "networking/Trunk",
    "providers/command",
    "pulumi-python:dynamic:Resource",
    "vpnaas/Service",
)
FAILING = [
    *(("a tenant's stack has no", resource(kind, "any")) for kind in FORBIDDEN),
    ("the platform's stack has no", resource("networking/RbacPolicyV2", "any", PLATFORM)),
]
