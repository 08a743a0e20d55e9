"""The whole way: what a newcomer sees at the end of `govcloud demo`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from scripts.access.deployment import Deployment
from scripts.summary import evidence, portals, ways_in
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


def test_its_last_lines_lead_to_a_portal(deployment: Deployment, tmp_path: Path) -> None:
    lines = ways_in(deployment)
    titles = {host.site.title for tenant in deployment.plan.tenants for host in tenant.hosts if host.site}

    def typed(command: str) -> str:
        return subprocess.run(
            ["sh", "-c", command],
            env={**os.environ, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        ).stdout

    assert [title for title in titles if title in typed(lines["look at a portal"])]
    # A person sees the window; a test asks for what is in it.
    browser = lines["in a browser"].replace("chromium", "chromium --headless --disable-gpu --dump-dom", 1)
    assert not [title for title in titles if title in typed(browser)], "the authority was trusted already"
    typed(lines["trust it, once"])
    assert [title for title in titles if title in typed(browser)]
    assert typed(f"{lines['enter a host']} echo entered") == "entered\n"


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
