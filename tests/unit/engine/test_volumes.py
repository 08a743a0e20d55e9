"""Volumes stay when their stack is brought to another plan; only `destroy` lets them go."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scripts.engine.explain import explain
from scripts.engine.pulumi import Pulumi
from scripts.engine.volumes import (
    VOLUME,
    planned_volumes,
    protected_volumes,
    release_volumes,
    require_planned_volumes,
    require_volumes_stay,
)
from stacks.errors import CloudError
from stacks.settings import Settings
from tests import wired

URN = f"urn:pulumi:a::govcloud::govcloud:compute:Host$govcloud:storage:Volume${VOLUME}::a-db-1"


def state(**volumes: bool) -> dict[str, Any]:
    """An exported state with volumes of these names, protected or not, and their host, which is too."""
    host = {"type": "openstack:compute/instance:Instance", "urn": "a::a-db-1", "protect": True}
    made = [{"type": VOLUME, "urn": f"{URN}.{name}", "protect": kept} for name, kept in volumes.items()]
    return {"deployment": {"resources": [host, *made]}}


def test_only_protected_volumes_count() -> None:
    assert protected_volumes(state(files=True, tools=False)) == [f"{URN}.files"]
    assert protected_volumes({"deployment": {}}) == []


def test_a_volume_that_is_planned_no_more_stops_everything() -> None:
    with pytest.raises(CloudError, match=r"^a-db-1.files, a-db-1.tools: it is protected and stays"):
        require_volumes_stay(state(files=True, tools=True), frozenset())


@pytest.mark.parametrize("keeping", [None, frozenset({"a-db-1.files", "a-db-1.new"})], ids=["any", "planned"])
def test_what_is_planned_or_meant_to_go_is_no_trouble(keeping: frozenset[str] | None) -> None:
    require_volumes_stay(state(files=True), keeping)


def test_an_operator_lets_one_go() -> None:
    require_volumes_stay(state(files=True, tools=False), frozenset({"a-db-1.files"}))


@pytest.mark.parametrize(
    "said",
    [
        f'resource "{URN}.files" cannot be deleted\nbecause it is protected. To unprotect it, either',
        f'unable to replace resource "{URN}.files"\nas it is currently marked for protection. To unprotect',
    ],
)
def test_the_engines_own_refusal_is_said_alike(said: str) -> None:
    assert explain(f"a-db-1.files: {said}").startswith("a-db-1.files: it is protected and stays")


def test_a_stack_is_asked_before_its_hosts_say_farewell(tmp_path: Path) -> None:
    """Through Pulumi itself, with the state of a stack that has one volume more than its plan."""
    settings = replace(Settings.from_environment(), home=tmp_path, backend=f"file://{tmp_path / 'pulumi'}")
    pulumi, stack, plan = Pulumi(settings), wired.TENANT, wired.plan()
    (planned,) = planned_volumes(plan)[stack]

    async def brought_to(*names: str) -> None:
        await pulumi.create_stack(stack)
        state = await pulumi.state(stack)
        urn = f"urn:pulumi:{stack}::govcloud::{VOLUME}::"
        state["deployment"]["resources"] = [
            {"urn": urn + name, "type": VOLUME, "custom": True, "id": name, "protect": True} for name in names
        ]
        file = tmp_path / "state.json"
        file.write_text(json.dumps(state))
        imported = await pulumi.run("stack", "import", "--stack", stack, "--file", str(file), "--force")
        assert imported.code == 0, imported.errors

    async def asked() -> None:
        await require_planned_volumes(pulumi, plan, [stack, "not-built-yet"])

    asyncio.run(brought_to(planned))
    asyncio.run(asked())
    asyncio.run(brought_to(planned, "left"))
    with pytest.raises(CloudError, match=r"^left: it is protected and stays"):
        asyncio.run(asked())
    asyncio.run(release_volumes(pulumi, stack))
    asyncio.run(asked())
