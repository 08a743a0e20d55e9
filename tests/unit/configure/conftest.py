"""The example landing zone, as if it had just been built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scripts.configure.inventory import Controller, Scope, inventory
from stacks.outputs import HostOutputs, TenantOutputs
from stacks.plan.landing_zone import plan_from_folder
from stacks.plan.model import Plan, TenantPlan
from stacks.settings import REPOSITORY


@pytest.fixture(scope="session")
def plan() -> Plan:
    return plan_from_folder(REPOSITORY / "tenants")


@pytest.fixture(scope="session")
def built(plan: Plan) -> dict[str, TenantOutputs]:
    return {tenant.id: _outputs(tenant, number) for number, tenant in enumerate(plan.tenants)}


@pytest.fixture
def controller(tmp_path: Path) -> Controller:
    return Controller(
        tmp_path / "config",
        tmp_path / "ca.pem",
        tmp_path / "ca.key",
        tmp_path / "script",
        "ssh-ed25519 AAAA auditor",
    )


@pytest.fixture
def hosts(plan: Plan, built: dict[str, TenantOutputs], controller: Controller) -> dict[str, dict[str, Any]]:
    """Ansible's variables of every host, the bastion included."""
    scope = Scope(tuple(tenant.id for tenant in plan.tenants), platform=True)
    found: dict[str, dict[str, Any]] = inventory(plan, built, scope, controller)["all"]["hosts"]
    return found


def _outputs(tenant: TenantPlan, number: int) -> TenantOutputs:
    hosts = {
        host.key: HostOutputs(
            id=f"server-{host.name}",
            image="image",
            address=str(host.address),
            floating_address=f"203.0.113.{100 + 10 * number + index}" if host.published else None,
        )
        for index, host in enumerate(tenant.hosts)
    }
    return TenantOutputs(project="p", networks={}, routers={}, security_groups={}, hosts=hosts)
