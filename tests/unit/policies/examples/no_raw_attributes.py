"""Examples for the rule no-raw-attributes."""

from __future__ import annotations

from tests.unit.policies.zone import PORTAL, planned

HOST = "xiangyang-portal-web-1"
RAW = {"port_security_enabled": "false"}
PASSING = [
    planned(PORTAL, "networking/Port", HOST),
    planned(PORTAL, "networking/Port", HOST, valueSpecs={}),
]
FAILING = [
    ("valueSpecs is set", planned(PORTAL, "networking/Port", HOST, valueSpecs=RAW)),
    ("vendorOptions is set", planned(PORTAL, "compute/Instance", HOST, vendorOptions={"a": True})),
    ("schedulerHints is set", planned(PORTAL, "compute/Instance", HOST, schedulerHints=[{"query": []}])),
    ("extra is set", planned(PORTAL, "identity/Project", PORTAL, extra={"a": "b"})),
]
