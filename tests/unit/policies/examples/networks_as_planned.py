"""Examples for the rule networks-as-planned."""

from __future__ import annotations

from tests.unit.policies.zone import PLATFORM, PORTAL, WIRED, planned, resource

NETWORK = ("networking/Network", "xiangyang-portal-office")
SUBNET = ("networking/Subnet", "xiangyang-portal-office")
ROUTER = ("networking/Router", "xiangyang-portal-internal")
PORT = ("networking/Port", "xiangyang-portal-oa-1")
LEG = ("networking/RouterInterface", "xiangyang-portal-internal-office")
POOL = ("networking/SubnetPool", "govcloud-internal-pool")
WIRE = {"networkType": "vlan", "physicalNetwork": "vpn", "segmentationId": 2101}
DEDICATED_ROUTER = ("networking/Router", "xiangyang-portal-dedicated-internal")
PASSING = [planned(PORTAL, *item) for item in (NETWORK, SUBNET, ROUTER, PORT, LEG)]
PASSING += [planned(WIRED, *item) for item in (NETWORK, SUBNET, DEDICATED_ROUTER)]
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
        "segments[0].segmentationId is 2102; the plan says 2101",
        planned(WIRED, *NETWORK, segments=[WIRE | {"segmentationId": 2102}]),
    ),
    (
        "segments[0].physicalNetwork is 'public'",
        planned(WIRED, *NETWORK, segments=[WIRE | {"physicalNetwork": "public"}]),
    ),
    ("segments is", planned(WIRED, *NETWORK, segments=[WIRE, WIRE | {"segmentationId": 2102}])),
    ("segments is None", planned(WIRED, *NETWORK, segments=None)),
    ("tenantId is None", planned(WIRED, *NETWORK, tenantId=None)),
    ("portSecurityEnabled is False", planned(WIRED, *NETWORK, portSecurityEnabled=False)),
    ("shared is True", planned(WIRED, *NETWORK, shared=True)),
    ("the plan has no networking/Router", resource(*DEDICATED_ROUTER)),
    (
        "prefixes[0]",
        planned(PLATFORM, *POOL, prefixes=["0.0.0.0/0", "x"]),
    ),
]
