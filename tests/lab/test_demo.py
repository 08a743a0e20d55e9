"""The whole way: what a newcomer sees at the end of `govcloud demo`."""

from __future__ import annotations

import json

from scripts.access.deployment import Deployment
from scripts.summary import evidence, portals
from tests.lab.conftest import Command


def test_demo_names_every_tenant_with_its_portal_and_evidence(demo: str, deployment: Deployment) -> None:
    flat = "".join(demo.split())
    for tenant in deployment.plan.tenants:
        assert tenant.id in demo
        pages = list(evidence(deployment, tenant))
        assert pages, f"no evidence about {tenant.id}"
        for page in pages:
            assert page.stat().st_size > 0
        published = [host for host in tenant.hosts if host.published]
        urls = list(portals(deployment, tenant))
        assert len(urls) == len(published)
        assert all(url in flat for url in urls)


def test_a_second_up_changes_nothing(deployment: Deployment, govcloud: Command) -> None:
    # Other tests' tenants may have left their routes on the platform's router.
    assert govcloud("up", "--all").returncode == 0
    ran = govcloud("up", "--all", "--json")
    assert ran.returncode == 0, ran.stderr
    results = json.loads(ran.stdout)
    assert {result["stack"] for result in results} == {
        "platform",
        *(tenant.id for tenant in deployment.plan.tenants),
    }
    assert {result["stack"]: result["changed"] for result in results if result["changed"]} == {}
