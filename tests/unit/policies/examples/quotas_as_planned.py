"""Examples for the rule quotas-as-planned."""

from __future__ import annotations

from tests.unit.policies.zone import PORTAL, planned, resource

NETWORK, COMPUTE = ("networking/QuotaV2", PORTAL), ("compute/QuotaSetV2", PORTAL)
PASSING = [planned(PORTAL, *NETWORK), planned(PORTAL, *COMPUTE)]
FAILING = [
    ("cores is -1", planned(PORTAL, *COMPUTE, cores=-1)),
    ("rbacPolicy is 10", planned(PORTAL, *NETWORK, rbacPolicy=10)),
    ("instances is None", planned(PORTAL, *COMPUTE, instances=None)),
    ("the plan has no", resource("compute/QuotaSetV2", "another-tenant", cores=1000)),
]
