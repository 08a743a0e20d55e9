"""Examples for the rule quotas-as-planned."""

from __future__ import annotations

from tests.unit.policies.zone import PORTAL, planned, resource

NETWORK, COMPUTE = ("networking/QuotaV2", PORTAL), ("compute/QuotaSetV2", PORTAL)
VOLUMES = ("blockstorage/QuoteSetV3", PORTAL)
PASSING = [planned(PORTAL, *NETWORK), planned(PORTAL, *COMPUTE), planned(PORTAL, *VOLUMES)]
FAILING = [
    ("cores is -1", planned(PORTAL, *COMPUTE, cores=-1)),
    ("rbacPolicy is 10", planned(PORTAL, *NETWORK, rbacPolicy=10)),
    ("gigabytes is 9999", planned(PORTAL, *VOLUMES, gigabytes=9999)),
    ("snapshots is 10", planned(PORTAL, *VOLUMES, snapshots=10)),
    ("instances is None", planned(PORTAL, *COMPUTE, instances=None)),
    ("the plan has no", resource("compute/QuotaSetV2", "another-tenant", cores=1000)),
]
