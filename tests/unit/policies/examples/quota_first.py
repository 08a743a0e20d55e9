"""Examples for the rule quota-first."""

from __future__ import annotations

from tests.unit.policies.zone import FIRST, PLATFORM, PORTAL, altered, stack, urn

OWN = ("providers/openstack", "tenant")
PASSING = [stack(PORTAL), stack(PLATFORM)]
FAILING = [
    ("does not wait for 3 of 3 quotas", altered(PORTAL, OWN, depends_on=frozenset())),
    ("does not wait for 2 of 3 quotas", altered(PORTAL, OWN, depends_on=frozenset({urn(FIRST[0])}))),
    (
        "does not wait for 1 of 3 quotas",
        altered(PORTAL, OWN, depends_on=frozenset(urn(quota) for quota in FIRST[:2])),
    ),
]
