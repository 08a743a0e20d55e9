"""Whoever would move in Keystone's hierarchy is refused before anything is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime import MockCallArgs

from stacks.components.hierarchy import TAGS
from stacks.outputs import PlatformOutputs
from stacks.plan.lineage import NodePlan
from stacks.plan.model import PlatformPlan
from stacks.programs import platform, tenant
from stacks.settings import Settings
from tests.contract.conftest import Recorder, mocked
from tests.contract.test_components import PLAN, run_program, settings

__all__ = ["settings"]

UPPER, LOWER = "xiangyang-portal", "taihe-office"
NODE = f"{UPPER}.below"


@dataclass(frozen=True)
class Project:
    """A project that Keystone has; its id is its name with `-id`, as the mocks give ids."""

    name: str
    parent: str = "Default-id"
    enabled: bool = True

    @property
    def id(self) -> str:
        return f"{self.name}-id"


class Keystone(Recorder):
    """Mocks that know some projects."""

    def __init__(self) -> None:
        super().__init__()
        self.projects: list[Project] = []

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        asked = args.args
        if args.token.endswith(":getProjectIdsV3"):
            return {"ids": [item.id for item in self.projects if self._is_asked(item, asked)]}, []
        if "projectId" in asked:
            (found,) = (item for item in self.projects if item.id == asked["projectId"])
            return {"id": found.id, "name": found.name, "parentId": found.parent}, []
        return super().call(args)

    @staticmethod
    def _is_asked(item: Project, asked: dict[str, Any]) -> bool:
        is_node = item.name.endswith(".below")
        return (
            asked["enabled"] == item.enabled
            and asked.get("name") in (None, item.name)
            and asked.get("parentId") in (None, item.parent)
            and (asked.get("tags") is None or (is_node and asked["tags"] == list(TAGS)))
        )

    @property
    def touched(self) -> list[str]:
        """Everything that was made, but for providers."""
        return [item.name for item in self.resources if item.typ.startswith("openstack:")]


@pytest.fixture
def keystone() -> Iterator[Keystone]:
    mocks = Keystone()
    with mocked(mocks):
        yield mocks


@pytest.fixture
def shared(platform_outputs: PlatformOutputs) -> PlatformOutputs:
    return platform_outputs.model_copy(update={"domain": "Default-id", "nodes": {UPPER: f"{NODE}-id"}})


def build_tenant(shared: PlatformOutputs, settings: Settings, name: str = LOWER) -> None:
    run_program(lambda: tenant.build(PLAN.tenant(name), PLAN.platform, shared, settings))


def build_platform(plan: PlatformPlan, settings: Settings, tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    clouds = tmp_path / "clouds.yaml"
    clouds.write_text("clouds: {lab: {auth: {auth_url: 'https://identity.example/v3'}}}")
    patch.setenv("OS_CLIENT_CONFIG_FILE", str(clouds))
    run_program(lambda: platform.build(plan, settings))


@pytest.mark.parametrize("projects", [[], [Project(LOWER, f"{NODE}-id")]], ids=["new", "built-there"])
def test_a_tenant_is_built_in_its_place(
    keystone: Keystone, shared: PlatformOutputs, settings: Settings, projects: list[Project]
) -> None:
    keystone.projects += projects
    build_tenant(shared, settings)
    (made,) = (
        item
        for item in keystone.resources
        if item.typ.startswith("openstack:") and item.name == LOWER and "parentId" in item.inputs
    )
    assert made.inputs["parentId"] == f"{NODE}-id"


@pytest.mark.parametrize("enabled", [True, False])
def test_a_tenant_that_would_move_is_refused(
    keystone: Keystone, shared: PlatformOutputs, settings: Settings, *, enabled: bool
) -> None:
    keystone.projects.append(Project(LOWER, enabled=enabled))
    with pytest.raises(pulumi.RunError, match=f"{LOWER} is built elsewhere .* below {UPPER}.*Put `parent`"):
        build_tenant(shared, settings)
    assert keystone.touched == []


def test_a_tenant_that_lost_its_parent_is_refused(
    keystone: Keystone, shared: PlatformOutputs, settings: Settings
) -> None:
    keystone.projects.append(Project(UPPER, "another.below-id"))
    with pytest.raises(pulumi.RunError, match=f"{UPPER} is built elsewhere .* below nobody"):
        build_tenant(shared, settings, UPPER)
    assert keystone.touched == []


def test_a_node_that_still_holds_a_tenant_is_not_removed(
    keystone: Keystone, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keystone.projects += [Project("old.below"), Project(LOWER, "old.below-id")]
    with pytest.raises(pulumi.RunError, match=f"{LOWER}: built below a tenant that has nobody there"):
        build_platform(PLAN.platform, settings, tmp_path, monkeypatch)
    assert keystone.touched == []


def test_nodes_that_go_together_hold_nothing(
    keystone: Keystone, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keystone.projects += [Project("old.below"), Project("older.below", "old.below-id"), Project(NODE)]
    build_platform(PLAN.platform, settings, tmp_path, monkeypatch)
    assert NODE in keystone.touched


def test_a_node_moves_only_while_nobody_below_it_is_built(
    keystone: Keystone, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    above = NodePlan("province", "province.below", None, (LOWER, UPPER))
    moved = replace(PLAN.platform.nodes[0], above="province")
    plan = replace(PLAN.platform, nodes=(above, moved))
    keystone.projects += [Project(NODE), Project(LOWER, f"{NODE}-id")]
    with pytest.raises(pulumi.RunError, match=f"{UPPER} got another parent; below it are built: {LOWER}"):
        build_platform(plan, settings, tmp_path, monkeypatch)
    assert keystone.touched == []
    keystone.projects.pop()
    build_platform(plan, settings, tmp_path, monkeypatch)
    made = {item.name: item.inputs for item in keystone.resources if item.name.endswith(".below")}
    assert made[NODE]["parentId"] == "province.below-id"
    assert "parentId" not in made["province.below"]
