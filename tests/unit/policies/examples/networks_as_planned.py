"""Examples for the rule networks-as-planned."""

from __future__ import annotations

from tests.unit.policies.zone import PLATFORM, PORTAL, planned, resource

NETWORK = ("networking/Network", "xiangyang-portal-office")
SUBNET = ("networking/Subnet", "xiangyang-portal-office")
ROUTER = ("networking/Router", "xiangyang-portal-internal")
PORT = ("networking/Port", "xiangyang-portal-oa-1")
LEG = ("networking/RouterInterface", "xiangyang-portal-internal-office")
POOL = ("networking/SubnetPool", "govcloud-internal-pool")
PASSING = [planned(PORTAL, *item) for item in (NETWORK, SUBNET, ROUTER, PORT, LEG)]
ELSEWHERE = [{"subnetId": "s", "ipAddress": "10.64.0.200"}]
FAILING = [
    ("the plan has no networking/Network", resource("networking/Network", "xiangyang-portal-secret")),
    ("the plan has no networking/RouterInterface", resource(LEG[0], "bridge", routerId="r", subnetId="s")),
    ("subnetId is 's'", planned(PORTAL, *LEG, subnetId="s")),
    ("cidr is '10.64.9.0/24'", planned(PORTAL, *SUBNET, cidr="10.64.9.0/24")),
    ("enableDhcp is False", planned(PORTAL, *SUBNET, enableDhcp=False)),
    ("externalNetworkId is 'public'", planned(PORTAL, *ROUTER, externalNetworkId="public")),
    ("fixedIps[0].ipAddress is '10.64.0.200'", planned(PORTAL, *PORT, fixedIps=ELSEWHERE)),
    ("fixedIps is", planned(PORTAL, *PORT, fixedIps=[])),
    ("segments is", planned(PORTAL, *NETWORK, segments=[{"networkType": "vlan"}])),
    (
        "prefixes[0]",
        planned(PLATFORM, *POOL, prefixes=["0.0.0.0/0", "x"]),
    ),
]
