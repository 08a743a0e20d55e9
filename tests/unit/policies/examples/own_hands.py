"""Examples for the rule own-hands."""

from __future__ import annotations

from dataclasses import replace

from policies.expected.model import Hand
from tests.unit.policies.zone import PLATFORM, PORTAL, WIRED, context, made, planned, resource

NETWORK = ("networking/Network", "xiangyang-portal-portal")
OFFICE = ("networking/Network", "xiangyang-portal-office")
PROJECT = ("identity/Project", PORTAL)
TENANT = made(context(PORTAL).objects["providers/openstack", Hand.TENANT])
ADMINISTRATOR = made(context(PORTAL).objects["providers/openstack", Hand.ADMINISTRATOR])
HANDS = [("providers/openstack", hand) for hand in (Hand.TENANT, Hand.ADMINISTRATOR)]
DEFAULT = resource("providers/openstack", "default_5_5_3")
PASSING = [
    planned(PORTAL, *NETWORK),
    planned(PORTAL, *PROJECT),
    planned(WIRED, *OFFICE),
    planned(PLATFORM, "compute/Flavor", "flavor-small"),
    resource(*HANDS[0], **TENANT),
    resource("providers/openstack", Hand.ADMINISTRATOR, **ADMINISTRATOR),
]
FAILING = [
    ("made by the provider 'administrator' instead of 'tenant'", resource(*NETWORK, by=Hand.ADMINISTRATOR)),
    (
        "made by the provider 'administrator' instead of 'tenant'",
        resource("any/Thing", "x", by=Hand.ADMINISTRATOR),
    ),
    ("made by the provider 'tenant' instead of 'administrator'", resource(*PROJECT, by=Hand.TENANT)),
    (
        "made by the provider 'tenant' instead of 'administrator'",
        replace(planned(WIRED, *OFFICE), provider=resource(HANDS[0][0], "tenant")),
    ),
    ("made by the provider 'administrator' instead of 'tenant'", resource(*OFFICE, by=Hand.ADMINISTRATOR)),
    ("made by the provider 'default_5_5_3'", replace(resource(*NETWORK), provider=DEFAULT)),
    ("made by no provider of its own", replace(resource(*NETWORK), provider=None)),
    ("the plan has no providers/openstack 'mine'", resource("providers/openstack", "mine", **ADMINISTRATOR)),
    ("cloud is 'lab'", resource(*HANDS[0], **TENANT | {"cloud": "lab"})),
    ("userName is 'admin'", resource(*HANDS[0], **TENANT | {"userName": "admin"})),
    ("insecure is 'true'", resource(*HANDS[0], **TENANT | {"insecure": "true"})),
    ("token is 't'", resource(*HANDS[0], **TENANT | {"token": "t"})),
    (
        "userName is 'x'",
        resource(*HANDS[1], **ADMINISTRATOR | {"userName": "x"}),
    ),
]
