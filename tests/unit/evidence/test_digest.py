"""The plan's fingerprint: equal for equal plans, different for every difference."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

from stacks.plan.digest import digest
from stacks.plan.landing_zone import plan_from_folder
from stacks.settings import REPOSITORY


def test_equal_plans_have_equal_digests() -> None:
    first, second = (plan_from_folder(REPOSITORY / "tenants") for _ in range(2))
    assert digest(first) == digest(second)
    assert len(digest(first)) == 64


def test_every_difference_shows() -> None:
    plan = plan_from_folder(REPOSITORY / "tenants")
    tenant = plan.tenants[0]
    host = replace(tenant.hosts[0], address=IPv4Address("10.64.0.9"))
    changed = replace(tenant, hosts=(host, *tenant.hosts[1:]))
    seen = {
        digest(plan),
        digest(replace(plan, tenants=(changed, *plan.tenants[1:]))),
        digest(replace(plan, tenants=plan.tenants[1:])),
        digest(tenant),
        digest(changed),
        digest(plan.platform),
    }
    assert len(seen) == 6
