"""`govcloud doctor` on the real thing: content with the lab, and exact about each thing that is not there."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import openstack
import pytest
from openstack.connection import Connection

from scripts.access.connection import connected
from scripts.access.deployment import Deployment
from scripts.doctor.check import Examination, Result, State, examine, registry
from scripts.doctor.keystone import identity
from stacks.plan.model import Plan
from stacks.request.fields import Classification
from stacks.request.model.handling import DedicatedNetworks, Handling
from tests.lab.conftest import Cloud

pytestmark = [
    pytest.mark.lab,
    pytest.mark.timeout(120),
    # openstacksdk 4.22 warns on every connection of what it calls itself.
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
]


@pytest.fixture
def cloud(deployment: Deployment) -> Iterator[Connection]:
    """The administrator's connection."""
    with connected(deployment.settings.cloud) as connection:
        yield connection


@pytest.fixture
def examination(deployment: Deployment, cloud: Connection) -> Examination:
    """What `govcloud doctor` examines."""
    return Examination(deployment.settings, deployment.access, deployment.plan, cloud)


def _results(examination: Examination) -> dict[str, Result]:
    return {result.check.id: result for result in examine(examination, registry())}


def _wrong(examination: Examination) -> dict[str, str]:
    return {
        name: result.finding.detail
        for name, result in _results(examination).items()
        if result.finding.state is not State.OK
    }


def _renamed(plan: Plan, **names: str) -> Plan:
    """The plan for a platform file that names other objects of the cloud."""
    platform = plan.platform.platform
    changed = platform.model_copy(update={"cloud": platform.cloud.model_copy(update=names)})
    return replace(plan, platform=replace(plan.platform, platform=changed))


def test_the_lab_has_everything(examination: Examination) -> None:
    assert _wrong(examination) == {}


@pytest.mark.parametrize(
    ("key", "check"),
    [
        ("external_network", "external-network"),
        ("services_network", "services-network"),
        ("domain", "domain"),
        ("region", "services"),
    ],
)
def test_a_wrong_name_is_found(examination: Examination, key: str, check: str) -> None:
    wrong = _wrong(replace(examination, plan=_renamed(examination.plan, **{key: "nowhere"})))
    assert list(wrong) == [check]
    assert "nowhere" in wrong[check]


def test_a_network_of_the_wrong_kind_is_found(examination: Examination) -> None:
    names = examination.plan.platform.platform.cloud
    swapped = _renamed(
        examination.plan,
        external_network=names.services_network,
        services_network=names.external_network,
    )
    wrong = _wrong(replace(examination, plan=swapped))
    assert set(wrong) == {"external-network", "services-network"}
    assert "not external" in wrong["external-network"]


def test_a_physical_network_that_no_host_carries_is_found(examination: Examination) -> None:
    platform = examination.plan.platform.platform
    offered = DedicatedNetworks(physical_network="nowhere", vlans={})
    plan = replace(
        examination.plan,
        platform=replace(
            examination.plan.platform, platform=platform.model_copy(update={"dedicated_networks": offered})
        ),
    )
    results = _results(replace(examination, plan=plan))
    assert "nowhere: 0 of 1 hosts carry it (not: labhost)" in results["dedicated-networks"].finding.detail
    assert not any(result.fatal for result in results.values())


def test_a_zone_that_does_not_exist_is_found_with_those_that_do(examination: Examination) -> None:
    platform = examination.plan.platform.platform
    handling = {Classification.SENSITIVE: Handling(availability_zone="secured")}
    changed = replace(
        examination.plan.platform, platform=platform.model_copy(update={"classifications": handling})
    )
    wrong = _wrong(replace(examination, plan=replace(examination.plan, platform=changed)))
    assert list(wrong) == ["availability-zones"]
    assert "secured (for sensitive data); there are: nova" in wrong["availability-zones"]


def _handled(examination: Examination, handling: Handling, **cloud: object) -> Examination:
    """The examination for a platform file that keeps sensitive data so."""
    platform = examination.plan.platform.platform
    update = {
        "classifications": {Classification.SENSITIVE: handling},
        "cloud": platform.cloud.model_copy(update=cloud),
    }
    changed = replace(examination.plan.platform, platform=platform.model_copy(update=update))
    return replace(examination, plan=replace(examination.plan, platform=changed))


def test_a_volume_type_is_asked_for_and_whether_the_cloud_encrypts_it(
    examination: Examination, cloud: Connection
) -> None:
    wrong = _wrong(_handled(examination, Handling(volume_type="nowhere")))
    assert wrong["block-storage"].startswith("no volume type nowhere (for sensitive data); there are: ")
    volumes: Cloud = cloud.block_storage
    name = f"doctor-{secrets.token_hex(4)}"
    sealed = _handled(examination, Handling(volume_type=name, encrypted_volumes=True))
    kind = volumes.create_type(name=name)
    try:
        plain = f"the cloud does not encrypt the volume type {name} (for sensitive data)"
        assert _wrong(sealed) == {"block-storage": plain}
        volumes.create_type_encryption(kind, provider="luks", control_location="front-end")
        assert _wrong(sealed) == {}
    finally:
        volumes.delete_type(kind)


def test_block_storage_that_the_platform_does_not_know_of_is_no_reason_to_stop(
    examination: Examination,
) -> None:
    results = _results(_handled(examination, Handling(), block_storage=False))
    assert "Cinder's default quota" in results["volume-quotas"].finding.detail
    assert not any(result.fatal for result in results.values())


def test_an_image_that_is_neither_there_nor_a_file_is_found(examination: Examination, tmp_path: Path) -> None:
    plan = _renamed(examination.plan, image="no-such-image")
    without = replace(examination, plan=plan, access=replace(examination.access, image_file=None))
    assert list(_wrong(without)) == ["image"]
    lost = replace(examination, access=replace(examination.access, image_file=tmp_path / "lost.raw"))
    assert "lost.raw" in _wrong(lost)["image"]


def test_a_role_that_the_cloud_lacks_is_found(examination: Examination) -> None:
    platform = replace(examination.plan.platform, roles=("manager", "member", "mayor"))
    wrong = _wrong(replace(examination, plan=replace(examination.plan, platform=platform)))
    assert wrong == {"roles": "no role mayor"}


def test_a_plan_that_is_larger_than_the_pool_is_no_reason_to_stop(examination: Examination) -> None:
    platform = examination.plan.platform.platform
    huge = {name: flavor.model_copy(update={"memory": 1 << 30}) for name, flavor in platform.flavors.items()}
    changed = replace(examination.plan.platform, platform=platform.model_copy(update={"flavors": huge}))
    results = _results(replace(examination, plan=replace(examination.plan, platform=changed)))
    assert results["capacity"].finding.state is State.MISSING
    assert not any(result.fatal for result in results.values())


@contextmanager
def _member(admin: Connection) -> Iterator[dict[str, str]]:
    """A user without administrator's rights, in a project of its own; both are removed afterwards."""
    api, name = identity(admin), f"doctor-{secrets.token_hex(4)}"
    password = secrets.token_urlsafe(24)
    domain = api.find_domain("Default", ignore_missing=False)
    project = api.create_project(name=name, domain_id=domain.id)
    user = api.create_user(name=name, domain_id=domain.id, password=password)
    try:
        role = api.find_role("member", ignore_missing=False)
        api.assign_project_role_to_user(project, user, role)
        yield {"username": name, "password": password, "project_name": name}
    finally:
        api.delete_user(user)
        api.delete_project(project)


def test_a_user_without_rights_is_told_which_ones(examination: Examination, cloud: Connection) -> None:
    with _member(cloud) as login, openstack.connect(cloud=examination.access.name, auth=login) as theirs:
        wrong = _wrong(replace(examination, cloud=theirs))
    assert "refused: " in wrong["rights"]
    for call in ("list users", "list servers of all projects", "list compute services"):
        assert call in wrong["rights"]


def test_a_wrong_password_stops_the_examination_of_the_cloud(examination: Examination) -> None:
    with openstack.connect(cloud=examination.access.name, auth={"password": "wrong"}) as stranger:
        results = _results(replace(examination, cloud=stranger))
    assert results["login"].fatal
    assert "401" in results["login"].finding.detail
    states = {result.finding.state for result in results.values() if not result.check.local}
    assert states == {State.MISSING, State.SKIPPED}
