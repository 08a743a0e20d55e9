"""Examples for the rule placed-by-class."""

from __future__ import annotations

from policies.resource import UNKNOWN
from tests.unit.policies.zone import OFFICE, PORTAL, WIRED, planned, resource

SUBNET = "networking/Subnet"
HOST = ("compute/Instance", "xiangyang-portal-web-1")
VOLUME = ("blockstorage/Volume", "xiangyang-portal-oa-1.files")
VOLUMES = ("blockstorage/QuoteSetV3", PORTAL)


def types(**limits: str) -> dict[str, str]:
    return {"volumes_standard": "-1", "gigabytes_standard": "-1", "snapshots_sensitive": "-1"} | limits


CLOSED = {"volumes_sensitive": "0", "gigabytes_sensitive": "0"}
PASSING = [
    planned(PORTAL, *VOLUMES, volumeTypeQuota=types(**CLOSED)),
    planned(PORTAL, SUBNET, "xiangyang-portal-portal"),
    planned(OFFICE, SUBNET, "taihe-office-office"),
    planned("secret", SUBNET, "xiangyang-portal-office"),
    planned(PORTAL, *HOST),
    planned("apart", *HOST, availabilityZone="guarded"),
    planned(WIRED, *VOLUME),
]
FAILING = [
    ("the volume type sensitive", planned(PORTAL, *VOLUMES, volumeTypeQuota=None)),
    ("the volume type sensitive", planned(PORTAL, *VOLUMES, volumeTypeQuota=UNKNOWN)),
    ("the volume type sensitive", planned(PORTAL, *VOLUMES, volumeTypeQuota=types(volumes_sensitive="0"))),
    (
        "the volume type __DEFAULT__",
        planned(PORTAL, *VOLUMES, volumeTypeQuota=types(**CLOSED, volumes___DEFAULT__="-1")),
    ),
    ("of the type standard, not of 'sensitive'", planned(WIRED, *VOLUME, volumeType="sensitive")),
    ("run in guarded, not in None", planned("apart", *HOST)),
    ("run in no particular zone", planned(PORTAL, *HOST, availabilityZone="other")),
    ("no place for sensitive data", planned("secret", SUBNET, "xiangyang-portal-portal")),
    ("the zone portal does not accept sensitive", planned("secret", SUBNET, "xiangyang-portal-portal")),
    ("no place for", planned(OFFICE, SUBNET, "taihe-office-office", cidr="192.168.0.0/24")),
    ("no place for", resource(SUBNET, "by-hand", cidr="203.0.113.0/24")),
    ("cannot be read", resource(SUBNET, "by-hand", cidr=UNKNOWN)),
    ("cannot be read", resource(SUBNET, "by-hand", prefixLength=24)),
    ("cannot be read", resource(SUBNET, "by-hand", cidr="fd00::/64", ipVersion=6)),
]
