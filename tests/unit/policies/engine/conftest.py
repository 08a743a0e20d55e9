"""The real engine, provider and pack, on a state of their own. A preview asks Keystone what is there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from scripts.engine import environment
from stacks.outputs import PlatformOutputs, SideOutputs
from stacks.plan.grants import DEPLOYER
from stacks.settings import REPOSITORY, Settings
from tests.unit.policies import zone
from tests.unit.policies.engine import keystone

DOMAIN = {"user_domain_name": "Default", "project_domain_name": "Default"}
CLOUD = {"username": "a", "password": "p", "project_name": "p", **DOMAIN}
IDENTITY_URL = "http://127.0.0.1:9/v3"
"""The tenants' provider gets no further than its configuration."""
PROGRAM = """
import pulumi
import pulumi_openstack as openstack

administrator = openstack.Provider("administrator", cloud="lab", region="RegionOne")
tenant = openstack.Provider(
    "tenant", cloud="", insecure=False, endpoint_type="", auth_url="http://127.0.0.1:9/v3",
    region="RegionOne", tenant_id="project", user_name="STACK-deployer", user_domain_name="Default",
    password="p",
)
own = pulumi.ResourceOptions(provider=tenant)
"""
"""How a program written by hand begins: with the two providers of the plan."""


@dataclass(frozen=True)
class Engine:
    """Runs `pulumi` as a person does after `eval "$(govcloud env)"`."""

    variables: dict[str, str]
    folder: Path

    def __call__(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a command; `changes` are environment variables."""
        return subprocess.run(
            ["pulumi", "--non-interactive", "--color=never", *arguments],
            env=self.variables | changes,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def by_hand(self, program: str, *arguments: str, stack: str = zone.PORTAL) -> str:
        """What the engine says of a program that somebody wrote by hand in this project; it must refuse."""
        folder = self.folder / "by-hand"
        folder.mkdir(exist_ok=True)
        project = yaml.safe_load((REPOSITORY / "Pulumi.yaml").read_text())
        del project["main"], project["stackConfigDir"]
        project["runtime"]["options"]["virtualenv"] = str(REPOSITORY / ".venv")
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        (folder / "__main__.py").write_text(PROGRAM.replace("STACK", stack) + program)
        ran = self(*(arguments or ("preview",)), "--stack", stack, PULUMI_OPTION_CWD=str(folder))
        assert ran.returncode != 0, ran.stdout
        return ran.stdout + ran.stderr


@pytest.fixture(scope="session")
def identity_url() -> Iterator[str]:
    """The administrator's Keystone."""
    with keystone.running() as url:
        yield url


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory, identity_url: str) -> Engine:
    """An engine that knows the platform, and two empty stacks: a tenant's and one that nobody requested."""
    folder = tmp_path_factory.mktemp("engine")
    entry = {"auth": {**CLOUD, "auth_url": identity_url}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OS_CLIENT_CONFIG_FILE", str(folder / "clouds.yaml"))
        patch.delenv("GOVCLOUD_TENANTS", raising=False)
        (folder / "clouds.yaml").write_text(json.dumps({"clouds": {"lab": entry}}))
        settings = Settings(
            folder,
            Settings.from_environment().cache,
            "lab",
            zone.SETTINGS.tenants,
            f"file://{folder / 'state'}",
        )
        patch.setenv("GOVCLOUD_HOME", str(folder))
        started = Engine(environment.full(settings), folder)
    for stack in (zone.PORTAL, zone.PLATFORM, zone.NOBODY):
        assert started("stack", "init", stack, "--no-select").returncode == 0
    (folder / "platform.json").write_text(json.dumps(_platform()))
    done = started("stack", "import", "--stack", zone.PLATFORM, "--file", str(folder / "platform.json"))
    assert done.returncode == 0, done.stderr
    return started


def _platform() -> dict[str, object]:
    """The state of a platform that is built, as far as tenants' programs read it."""
    side = SideOutputs(subnet_pool="pool", backbone_network="network", backbone_subnet="subnet")
    outputs = PlatformOutputs(
        external_network="public-id",
        external_network_name="public",
        sides={"external": side, "internal": side},
        management_network="management-network",
        management_subnet="management-subnet",
        management_router="management-router",
        routes=tuple(
            f"{route.destination} via {route.next_hop}" for route in zone.PLAN.platform.tenant_routes
        ),
        image="image",
        volume_types=("sensitive", "standard"),
        flavors=dict.fromkeys(zone.PLAN.platform.platform.flavors, "flavor"),
        roles=dict.fromkeys((*zone.PLAN.platform.roles, DEPLOYER), "role"),
        groups={group.name: group.name for group in zone.PLAN.platform.groups},
        nodes={node.tenant: node.name for node in zone.PLAN.platform.nodes},
        domain="default",
        identity_url=IDENTITY_URL,
        certificates="",
        bastion="bastion",
        bastion_address="203.0.113.10",
    )
    kind = "pulumi:pulumi:Stack"
    urn = f"urn:pulumi:{zone.PLATFORM}::govcloud::{kind}::govcloud-{zone.PLATFORM}"
    stack = {"urn": urn, "custom": False, "type": kind, "outputs": outputs.model_dump(mode="json")}
    manifest = {"time": "2026-01-01T00:00:00Z", "magic": "", "version": ""}
    return {"version": 3, "deployment": {"manifest": manifest, "resources": [stack]}}
