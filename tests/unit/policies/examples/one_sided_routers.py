"""Examples for the rule one-sided-routers."""

from __future__ import annotations

from tests.unit.policies.zone import PLATFORM, PORTAL, altered, stack, urn

LEG = ("networking/RouterInterface", "xiangyang-portal-internal-office")
PORT = ("networking/Port", "xiangyang-portal-internal-office")
OTHER_PORT = frozenset({urn(("networking/Port", "xiangyang-portal-external-portal"))})
OTHER_ROUTER = frozenset({urn(("networking/Router", "xiangyang-portal-external"))})
OTHER_SUBNET = frozenset({urn(("networking/Subnet", "xiangyang-portal-portal"))})
BOTH = "legs on the sides external and internal"
PASSING = [stack(PORTAL), stack(PLATFORM)]
FAILING = [
    (BOTH, altered(PORTAL, LEG, references={"portId": OTHER_PORT})),
    (BOTH, altered(PORTAL, LEG, references={"routerId": OTHER_ROUTER})),
    (BOTH, altered(PORTAL, LEG, references={"subnetId": OTHER_SUBNET})),
    (BOTH, altered(PORTAL, PORT, references={"fixedIps": OTHER_SUBNET})),
    (BOTH, altered(PORTAL, PORT, values={"fixedIps": [{"subnetId": "s", "ipAddress": "10.80.0.9"}]})),
]
