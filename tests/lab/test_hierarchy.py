"""Province, city, county in Keystone: who supervises reads below and changes nothing; nothing ever moves."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from openstack.exceptions import SDKException

from scripts.access.deployment import Deployment
from scripts.engine import environment
from stacks.plan.naming import PLATFORM_STACK
from stacks.settings import REPOSITORY, Settings
from tests.lab import person, throwaway
from tests.lab.conftest import Cloud, Command

pytestmark = [
    pytest.mark.timeout(300),
    # openstacksdk 4.22 warns on every connection of what it calls itself.
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
]
PROVINCE, CITY, COUNTY = TIERS = ("zz-province", "zz-city", "zz-county")
AUDIT = "zz-audit"
REQUESTS = {
    PROVINCE: throwaway.request(
        PROVINCE, tier="province", quota={"class": "medium"}, roles={"auditor": [AUDIT]}
    ),
    CITY: throwaway.request(CITY, tier="city", parent=PROVINCE),
    COUNTY: throwaway.request(COUNTY, tier="county", parent=CITY),
}


def plain_pulumi(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of Pulumi on the platform, as after `eval "$(govcloud env)"`."""
    return subprocess.run(
        ["pulumi", *arguments, "--non-interactive", "--stack", PLATFORM_STACK],
        env=environment.full(settings),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def projects(settings: Settings, govcloud: Command, cloud: Cloud) -> Iterator[dict[str, str]]:
    """Three tiers, built; the id of each project of the cloud by its name. Nothing of them stays."""
    folder = Path(govcloud.environment["GOVCLOUD_TENANTS"])
    paths = [throwaway.write(folder, request) for request in REQUESTS.values()]
    try:
        built = govcloud("up", *TIERS)
        assert built.returncode == 0, built.stderr
        yield {project.name: project.id for project in cloud.identity.projects()}
    finally:
        removed = govcloud("destroy", *TIERS, "--yes")
        for path in paths:
            path.unlink()
        cleared = plain_pulumi(settings, "up", "--yes", "--skip-preview")
    assert removed.returncode == 0, removed.stderr
    assert cleared.returncode == 0, cleared.stdout
    left = [*cloud.identity.projects(), *cloud.identity.groups()]
    assert [item.name for item in left if item.name.startswith("zz-")] == []


def test_every_tenant_stands_below_the_node_of_its_parent(cloud: Cloud, projects: dict[str, str]) -> None:
    parents = {name: cloud.identity.get_project(projects[name]).parent_id for name in projects}
    domain = cloud.identity.get_project(projects[PROVINCE]).domain_id
    assert parents[PROVINCE] == parents[f"{PROVINCE}.below"] == domain
    assert parents[CITY] == parents[f"{CITY}.below"] == projects[f"{PROVINCE}.below"]
    assert parents[COUNTY] == projects[f"{CITY}.below"]


@pytest.mark.parametrize("tenant", TIERS)
def test_who_supervises_reads_below_and_changes_nothing(
    deployment: Deployment, cloud: Cloud, projects: dict[str, str], tenant: str
) -> None:
    with person.of(deployment, cloud, group=AUDIT, project=projects[tenant]) as auditor:
        (network,) = auditor.network.networks(project_id=projects[tenant])
        assert network.name == f"{tenant}-office"
        for method, path, body in (
            ("POST", "/networks", {"network": {"name": "zz-forbidden"}}),
            ("PUT", f"/networks/{network.id}", {"network": {"name": "zz-forbidden"}}),
            ("DELETE", f"/networks/{network.id}", None),
        ):
            answer = auditor.network.request(path, method, json=body)
            assert answer.status_code == HTTPStatus.FORBIDDEN, answer.text


@pytest.mark.parametrize(
    ("group", "place"), [(PROVINCE, CITY), (CITY, PROVINCE), (AUDIT, f"{PROVINCE}.below")]
)
def test_nobody_else_gets_in(
    deployment: Deployment, cloud: Cloud, projects: dict[str, str], group: str, place: str
) -> None:
    """Staff does not inherit, nobody looks up, and the node itself is nobody's."""
    with (
        person.of(deployment, cloud, group=group, project=projects[place]) as stranger,
        pytest.raises(SDKException, match="HTTP 401"),
    ):
        stranger.authorize()


def test_a_second_run_changes_nothing(govcloud: Command, projects: dict[str, str]) -> None:
    assert projects
    again = govcloud("up", *TIERS, "--json")
    assert [item["changed"] for item in json.loads(again.stdout)] == [0, 0, 0], again.stderr


def test_another_parent_is_refused(
    settings: Settings, govcloud: Command, cloud: Cloud, projects: dict[str, str]
) -> None:
    folder = Path(govcloud.environment["GOVCLOUD_TENANTS"])
    throwaway.write(folder, {**REQUESTS[COUNTY], "parent": PROVINCE})
    try:
        refused = govcloud("up", COUNTY)
        plain = plain_pulumi(settings, "preview")
    finally:
        throwaway.write(folder, REQUESTS[COUNTY])
    assert refused.returncode == 5
    assert f"{COUNTY} is built elsewhere in the hierarchy" in " ".join(refused.stderr.split())
    assert plain.returncode != 0
    assert f"{COUNTY}: built below a tenant that has nobody there" in plain.stdout
    assert cloud.identity.get_project(projects[COUNTY]).parent_id == projects[f"{CITY}.below"]
