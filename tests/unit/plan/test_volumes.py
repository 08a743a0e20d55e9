"""Volumes of hosts: whose they are, of what type, how they are mounted, and what they take of the quota."""

from __future__ import annotations

from typing import Any

import pytest

from stacks.errors import PlanError
from stacks.plan.allocation import allocate
from stacks.plan.landing_zone import plan_landing_zone
from stacks.plan.model import TenantPlan
from stacks.plan.usage import usage
from stacks.request.ledger import Ledger
from stacks.request.platform import Platform
from tests.unit.plan.zones import TODAY, platform, request

FILES = {"name": "files", "size": 10, "mount": "/srv/files"}
TOOLS = {"name": "tools", "size": 5, "mount": "/data/tools", "programs": True}


def offering(**limits: int) -> Platform:
    """A cloud with block storage and a type for public data, which `zones` plans with."""
    shared = platform()
    classes = {"any": shared.quota_classes["any"].model_copy(update=limits)}
    cloud = shared.cloud.model_copy(update={"block_storage": True})
    written = {"public": {"volume_type": "guarded"}}
    return Platform.model_validate(
        {
            **shared.model_dump(mode="json", by_alias=True),
            "cloud": cloud.model_dump(),
            "quota_classes": {name: limit.model_dump() for name, limit in classes.items()},
            "classifications": written,
        }
    )


def planned(shared: Platform, **group: Any) -> TenantPlan:  # noqa: ANN401  what a YAML file may hold
    hosts = [{"name": "db", "segment": "s", "flavor": "small", **group}]
    tenants = (request("alpha", segments=[{"name": "s", "zone": "external"}], hosts=hosts),)
    ledger = allocate(shared, tenants, Ledger(), TODAY)
    return plan_landing_zone(shared, tenants, ledger, TODAY).tenant("alpha")


ROOM = offering(volumes=10, volume_storage=100)


def test_each_host_has_volumes_of_its_own() -> None:
    plan = planned(ROOM, count=2, volumes=[FILES, TOOLS])
    names = [[volume.name for volume in host.volumes] for host in plan.hosts]
    assert names == [["alpha-db-1.files", "alpha-db-1.tools"], ["alpha-db-2.files", "alpha-db-2.tools"]]


def test_a_volume_is_of_the_type_of_its_class_and_mounted_for_data_unless_asked() -> None:
    files, tools = planned(ROOM, volumes=[FILES, TOOLS]).hosts[0].volumes
    assert (files.size, files.type, files.mount) == (10, "guarded", "/srv/files")
    assert (files.options, tools.options) == (("nodev", "nosuid", "noexec"), ("nodev", "nosuid"))


def test_volumes_of_every_host_count() -> None:
    plan = planned(ROOM, count=2, volumes=[FILES, TOOLS])
    shared = plan_landing_zone(ROOM, (), Ledger(), TODAY).platform
    used = usage(plan, shared)
    assert (used["volumes"], used["volume_storage"]) == (4, 30)


@pytest.mark.parametrize("limits", [{"volumes": 3}, {"volume_storage": 29}], ids=str)
def test_more_than_the_quota_is_refused(limits: dict[str, int]) -> None:
    scarce = offering(**{"volumes": 10, "volume_storage": 100, **limits})
    with pytest.raises(PlanError, match="volume"):
        planned(scarce, count=2, volumes=[FILES, TOOLS])
