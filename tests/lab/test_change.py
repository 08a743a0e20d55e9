"""A changed request changes only what it says; tenants are made with their own credentials."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from scripts.access.deployment import Deployment
from tests.lab import throwaway
from tests.lab.conftest import Cloud, Command

NAME = "zz-changed"


def changed_of(govcloud: Command, name: str) -> int:
    """How many objects `govcloud up` changed."""
    ran = govcloud("up", name, "--json")
    assert ran.returncode == 0, ran.stderr
    return {result["stack"]: result["changed"] for result in json.loads(ran.stdout)}[name]  # type: ignore[no-any-return] # JSON


@pytest.mark.usefixtures("deployment")
def test_only_what_the_request_says(govcloud: Command) -> None:
    content = throwaway.request(NAME)
    content["segments"].append({"name": "files", "zone": "internal", "size": 10})
    with throwaway.tenant(govcloud, content):
        assert changed_of(govcloud, NAME) > 0
        assert changed_of(govcloud, NAME) == 0
        flows = [{"from": "office", "to": "files", "service": "https"}]
        throwaway.write(Path(govcloud.environment["GOVCLOUD_TENANTS"]), {**content, "flows": flows})
        # One rule at each end, and nothing else.
        assert changed_of(govcloud, NAME) == 2
        throwaway.write(Path(govcloud.environment["GOVCLOUD_TENANTS"]), content)
        assert changed_of(govcloud, NAME) == 2
        assert changed_of(govcloud, NAME) == 0


def test_removing_the_request_keeps_its_addresses(deployment: Deployment) -> None:
    ledger = yaml.safe_load((deployment.settings.tenants / "addresses.yaml").read_text())["tenants"]
    networks = [network for tenant in ledger.values() for network in tenant["segments"].values()]
    assert len(networks) == len(set(networks))
    assert {tenant.id for tenant in deployment.plan.tenants} <= set(ledger)


def test_hosts_belong_to_the_tenants_own_user(deployment: Deployment, cloud: Cloud) -> None:
    for tenant in deployment.plan.tenants:
        deployer = cloud.identity.find_user(f"{tenant.id}-deployer", ignore_missing=False)
        project = deployment.outputs.tenants[tenant.id].project
        servers = list(cloud.compute.servers(all_projects=True, project_id=project))
        assert len(servers) == len(tenant.hosts)
        assert {server.user_id for server in servers} == {deployer.id}
