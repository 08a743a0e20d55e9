"""Somebody writes Pulumi code by hand around the plan, against the real cloud, and is refused."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from scripts.access.deployment import Deployment
from scripts.engine import environment
from stacks.settings import REPOSITORY
from tests.lab import throwaway
from tests.lab.conftest import Cloud, Command

NAME = "zz-by-hand"
TENANTS_OWN = f"""
import pulumi
import pulumi_openstack as openstack
from stacks import programs

programs.program_of("{NAME}")()
"""
"""The tenant's own program comes first, as it stands, so that the stack stays what it is."""

HOLE = """
cloud = openstack.Provider("administrator-2", cloud=CLOUD, region="RegionOne")
network = openstack.networking.Network(
    "hand-made", name="hand-made", shared=True, opts=pulumi.ResourceOptions(provider=cloud)
)
"""
BRIDGE = """
own = openstack.Provider("by-hand", cloud=CLOUD, region="RegionOne")
by_hand = pulumi.ResourceOptions(provider=own)
router = openstack.networking.Router("hand-made", name="hand-made", opts=by_hand)
for side, network in NETWORKS.items():
    name = f"hand-made-{side}"
    port = openstack.networking.Port(
        name, name=name, network_id=network, no_security_groups=True, opts=by_hand
    )
    openstack.networking.RouterInterface(name, router_id=router.id, port_id=port.id, opts=by_hand)
"""


@dataclass(frozen=True)
class ByHand:
    """A project of somebody's own in which the tenant's stack is selected."""

    folder: Path
    variables: dict[str, str]
    cloud: str

    def __call__(self, more: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `pulumi` on the tenant's program and `more`, in an environment of `govcloud env`."""
        program = TENANTS_OWN + more.replace("CLOUD", repr(self.cloud))
        (self.folder / "__main__.py").write_text(program)
        return subprocess.run(
            ["pulumi", "--non-interactive", "--color=never", *arguments, "--stack", NAME],
            env=self.variables | {"PULUMI_OPTION_CWD": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


@pytest.fixture(scope="module")
def by_hand(
    deployment: Deployment, govcloud: Command, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ByHand]:
    """A deployed tenant without hosts, and a project folder that uses its stack."""
    folder = tmp_path_factory.mktemp("by-hand")
    home = environment.full(deployment.settings)
    project = yaml.safe_load(Path(home["PULUMI_OPTION_CWD"], "Pulumi.yaml").read_text())
    del project["main"]
    project["runtime"]["options"]["virtualenv"] = str(REPOSITORY / ".venv")
    (folder / project["stackConfigDir"]).symlink_to(
        Path(home["PULUMI_OPTION_CWD"], project["stackConfigDir"])
    )
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    with throwaway.tenant(govcloud, throwaway.request(NAME)):
        ran = govcloud("up", NAME)
        assert ran.returncode == 0, ran.stderr
        yield ByHand(folder, home, deployment.settings.cloud)


def hand_made(cloud: Cloud, kind: str) -> list[str]:
    """Names of objects that only the code by hand would make."""
    return [item.name for item in getattr(cloud.network, kind)() if item.name.startswith("hand-made")]


def test_the_tenants_own_program_changes_nothing(by_hand: ByHand) -> None:
    ran = by_hand("", "preview", "--expect-no-changes")
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("command", [("preview",), ("up", "--yes")])
def test_a_network_by_hand_is_refused_before_the_update(
    by_hand: ByHand, cloud: Cloud, command: tuple[str, ...]
) -> None:
    ran = by_hand(HOLE, *command)
    assert ran.returncode != 0
    refusals = [
        f"{policy}  (openstack:networking:Network: hand-made)"
        for policy in ("networks-as-planned", "not-shared", "own-hands", "tagged")
    ]
    for refusal in (*refusals, "own-hands  (pulumi:providers:openstack: administrator-2)"):
        assert f"[mandatory]  {refusal}" in ran.stdout, ran.stdout
    assert hand_made(cloud, "networks") == []


def test_a_network_by_hand_is_refused_without_a_preview(by_hand: ByHand, cloud: Cloud) -> None:
    ran = by_hand(HOLE, "up", "--yes", "--skip-preview")
    assert ran.returncode != 0
    assert "[mandatory]  own-hands  (pulumi:providers:openstack: administrator-2)" in ran.stdout
    assert hand_made(cloud, "networks") == []


def test_a_router_between_two_sides_is_refused(by_hand: ByHand, deployment: Deployment, cloud: Cloud) -> None:
    platform = deployment.outputs.platform
    networks = {name: side.backbone_network for name, side in platform.sides.items()}
    ran = by_hand(BRIDGE.replace("NETWORKS", repr(networks)), "up", "--yes", "--skip-preview")
    assert ran.returncode != 0
    assert "[mandatory]" in ran.stdout
    assert hand_made(cloud, "routers") == hand_made(cloud, "ports") == []


def test_without_the_pack_even_the_plan_is_not_built(by_hand: ByHand) -> None:
    blind = ByHand(by_hand.folder, by_hand.variables | {"PULUMI_OPTION_POLICY_PACK": ""}, by_hand.cloud)
    said = blind("import runpy; runpy.run_module('stacks', run_name='__main__')\n", "preview").stdout
    assert "the policy pack does not watch this run" in said


def test_the_landing_zones_own_run_is_still_clean(by_hand: ByHand, govcloud: Command) -> None:
    assert by_hand.folder.exists()
    ran = govcloud("up", NAME, "--json")
    assert ran.returncode == 0, ran.stderr
    assert {result["stack"]: result["changed"] for result in json.loads(ran.stdout)} == {NAME: 0}
