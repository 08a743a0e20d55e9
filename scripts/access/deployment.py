"""An operator's view of a running deployment: its plan, what was built, and the way to its hosts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scripts.access.ssh import write_ssh_config
from scripts.engine.outputs import DeployedZone, read_outputs
from stacks.cloud import CloudAccess, cloud_access
from stacks.plan.landing_zone import plan_from_folder
from stacks.plan.model import Plan
from stacks.settings import Settings


@dataclass(frozen=True)
class Deployment:
    """Everything that a verb needs which talks to hosts.

    Attributes:
        ssh_config: OpenSSH client configuration that knows every host by its plan name.
    """

    settings: Settings
    plan: Plan
    access: CloudAccess
    outputs: DeployedZone
    ssh_config: Path


def open_deployment(settings: Settings) -> Deployment:
    """Read plan and outputs, and write the SSH configuration.

    Raises:
        CloudError: the platform is not up, or the cloud's entry is missing.
        RequestError: the requests are wrong.
    """
    plan = plan_from_folder(settings.tenants, settings.today)
    access = cloud_access(settings.cloud)
    outputs = read_outputs(settings)
    built = {
        host.name: outputs.tenants[tenant.id].hosts[host.key]
        for tenant in plan.tenants
        if tenant.id in outputs.tenants
        for host in tenant.hosts
        if host.key in outputs.tenants[tenant.id].hosts
    }
    return Deployment(
        settings, plan, access, outputs, write_ssh_config(settings, access, plan, outputs.platform, built)
    )
