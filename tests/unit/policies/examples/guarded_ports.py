"""Examples for the rule guarded-ports."""

from __future__ import annotations

from policies.resource import UNKNOWN
from tests.unit.policies.zone import PORTAL, planned, resource

PORT = "networking/Port"
HOST, LEG = "xiangyang-portal-web-1", "xiangyang-portal-internal-management"
PASSING = [
    planned(PORTAL, PORT, HOST),
    planned(PORTAL, PORT, HOST, securityGroupIds=UNKNOWN),
    planned(PORTAL, PORT, LEG),
    planned(PORTAL, "networking/Network", "xiangyang-portal-portal"),
]
UNGUARDED = "no security group is named"
PAIRS = [{"ipAddress": "0.0.0.0/0"}]
FAILING = [
    (UNGUARDED, planned(PORTAL, PORT, HOST, securityGroupIds=None)),
    (UNGUARDED, planned(PORTAL, PORT, HOST, securityGroupIds=[])),
    (UNGUARDED, planned(PORTAL, PORT, HOST, noSecurityGroups=True)),
    (UNGUARDED, resource(PORT, "by-hand", noSecurityGroups=True)),
    ("portSecurityEnabled", planned(PORTAL, PORT, HOST, portSecurityEnabled=False)),
    ("portSecurityEnabled", planned(PORTAL, PORT, LEG, portSecurityEnabled=UNKNOWN)),
    ("portSecurityEnabled", resource("networking/Network", "n", portSecurityEnabled=False)),
    ("allowedAddressPairs", planned(PORTAL, PORT, HOST, allowedAddressPairs=PAIRS)),
    ("bindings", planned(PORTAL, PORT, HOST, bindings=[{"hostId": "compute-1"}])),
    ("deviceOwner", planned(PORTAL, PORT, HOST, deviceOwner="network:dhcp")),
]
