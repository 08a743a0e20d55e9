"""Examples for the rule no-open-ingress."""

from __future__ import annotations

from typing import Any

from policies.resource import UNKNOWN
from tests.unit.policies.zone import OFFICE, PORTAL, planned, resource

RULE = "networking/SecGroupRule"
PUBLISHED = "xiangyang-portal-web-published-ingress-tcp-443-0.0.0.0_0"
OPEN: dict[str, Any] = {"direction": "ingress", "protocol": "tcp", "remoteIpPrefix": "0.0.0.0/0"}
HTTPS: dict[str, Any] = {"portRangeMin": 443, "portRangeMax": 443}
PASSING = [
    planned(PORTAL, RULE, PUBLISHED),
    resource(RULE, "near", direction="ingress", protocol="tcp", remoteIpPrefix="10.64.0.0/27"),
    resource(RULE, "out", direction="egress", remoteIpPrefix="0.0.0.0/0"),
]
EVERYBODY = "everybody may use"
FAILING = [
    (EVERYBODY, planned(PORTAL, RULE, PUBLISHED, portRangeMin=22, portRangeMax=22)),
    (EVERYBODY, planned(PORTAL, RULE, PUBLISHED, portRangeMin=1)),
    (EVERYBODY, planned(PORTAL, RULE, PUBLISHED, protocol="udp")),
    (EVERYBODY, planned(PORTAL, RULE, PUBLISHED, protocol=None)),
    (EVERYBODY, planned(PORTAL, RULE, PUBLISHED, portRangeMin=None, portRangeMax=None)),
    (EVERYBODY, resource(RULE, "xiangyang-portal-office-ingress-tcp-443", **OPEN, **HTTPS)),
    (EVERYBODY, resource(RULE, PUBLISHED, OFFICE, **OPEN, **HTTPS)),
    (EVERYBODY, resource(RULE, "nothing-said", direction="ingress")),
    (EVERYBODY, resource(RULE, "v6", direction="ingress", remoteIpPrefix="::/0")),
    (EVERYBODY, resource(RULE, "half", direction="ingress", remoteIpPrefix="0.0.0.0/1")),
    (EVERYBODY, resource(RULE, "later", direction="ingress", remoteIpPrefix=UNKNOWN)),
]
