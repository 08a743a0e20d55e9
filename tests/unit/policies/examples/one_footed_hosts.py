"""Examples for the rule one-footed-hosts."""

from __future__ import annotations

from policies.resource import UNKNOWN
from tests.unit.policies.zone import PORTAL, planned, resource

HOST = ("compute/Instance", "xiangyang-portal-web-1")
PASSING = [
    planned(PORTAL, *HOST),
    planned(PORTAL, *HOST, networks=[{"port": UNKNOWN, "__defaults": []}]),
]
FAILING = [
    ("has 2 network ports", planned(PORTAL, *HOST, networks=[{"port": "a"}, {"port": "b"}])),
    ("has 0 network ports", planned(PORTAL, *HOST, networks=[])),
    ("an unknown number", planned(PORTAL, *HOST, networks=UNKNOWN)),
    ("an unknown number", planned(PORTAL, *HOST, networks=None)),
    ("port is not named", planned(PORTAL, *HOST, networks=[{"uuid": "network"}])),
    ("port is not named", planned(PORTAL, *HOST, networks=[{"port": "a", "accessNetwork": True}])),
    ("a second port", resource("compute/InterfaceAttach", "second")),
]
