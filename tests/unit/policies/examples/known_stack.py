"""Examples for the rule known-stack."""

from __future__ import annotations

from tests.unit.policies.zone import NOBODY, PLATFORM, PORTAL, planned, resource

PASSING = [
    planned(PORTAL, "identity/Project", PORTAL),
    planned(PLATFORM, "compute/Flavor", "flavor-small"),
]
FAILING = [
    ("nobody requested a tenant 'nobodys-tenant'", resource("networking/Network", "n", NOBODY)),
    ("tenants/nobodys-tenant.yaml", resource("providers/openstack", "administrator", NOBODY)),
]
