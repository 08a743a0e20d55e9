"""Examples for the rule tagged."""

from __future__ import annotations

from policies.resource import UNKNOWN
from tests.unit.policies.zone import PORTAL, planned, resource

NETWORK = ("networking/Network", "xiangyang-portal-portal")
TAGS = planned(PORTAL, *NETWORK).values["tags"]
PASSING = [
    planned(PORTAL, *NETWORK),
    planned(PORTAL, *NETWORK, tags=[*TAGS, "season=spring"]),
    planned(PORTAL, "networking/Subnet", "xiangyang-portal-portal"),
]
FAILING = [
    ("are missing", planned(PORTAL, *NETWORK, tags=None)),
    ("are missing", planned(PORTAL, *NETWORK, tags=UNKNOWN)),
    ("the tags managed-by=govcloud are missing", planned(PORTAL, *NETWORK, tags=TAGS[:-1])),
    ("tenant=xiangyang-portal", planned(PORTAL, *NETWORK, tags=["tenant=another", *TAGS[1:]])),
    ("classification is given twice", planned(PORTAL, *NETWORK, tags=[*TAGS, "classification=classified"])),
    ("are missing", resource("compute/Instance", "by-hand")),
]
