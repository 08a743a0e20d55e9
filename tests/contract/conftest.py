"""Pulumi's mocks: every resource gets an id and its own inputs as outputs; what was registered is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pulumi
import pytest
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks
from pulumi.runtime.mocks import MockMonitor

from stacks.outputs import PlatformOutputs, SideOutputs
from stacks.plan.grants import DEPLOYER


class Recorder(Mocks):
    """Keeps every registered resource, what each depends on and whether it is protected, by type and name."""

    def __init__(self) -> None:
        self.resources: list[MockResourceArgs] = []
        self.dependencies: dict[tuple[str, str], tuple[str, ...]] = {}
        self.protected: dict[tuple[str, str], bool] = {}

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.resources.append(args)
        outputs = {**args.inputs, "name": args.inputs.get("name", args.name)}
        if args.typ.endswith(":Flavor"):
            outputs["flavorId"] = f"{args.name}-id"
        if args.typ.endswith(":VolumeAttach"):
            outputs["device"] = "/dev/vdb"
        return f"{args.name}-id", outputs

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        found = f"{args.args.get('name', 'found')}-id"
        return {"id": found, "url": "https://identity.example/v3", "subnets": ["s"], "ids": []}, []

    def of(self, suffix: str) -> list[MockResourceArgs]:
        """The registered resources of a type, by the end of its token."""
        return [item for item in self.resources if item.typ.endswith(suffix)]


class Monitor(MockMonitor):
    """Sees the requests themselves: Pulumi shows mocks no dependencies."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self.recorder = recorder

    def RegisterResource(self, request: Any) -> Any:  # noqa: ANN401, N802 - Pulumi's
        self.recorder.protected[request.type, request.name] = request.protect
        self.recorder.dependencies[request.type, request.name] = tuple(request.dependencies)
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


LOOP = asyncio.new_event_loop()
"""Never closed: Pulumi's mocks leave loops of their own on its worker threads, which would be found then."""


@contextmanager
def mocked(mocks: Recorder) -> Iterator[None]:
    """Run programs against the mocks; other tests' `asyncio.run` leaves the thread without a loop."""
    asyncio.set_event_loop(LOOP)
    monitor = Monitor(mocks)
    pulumi.runtime.set_mocks(mocks, project="govcloud", stack="test", preview=False, monitor=monitor)
    yield
    asyncio.set_event_loop(None)


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """Mocks that keep what is registered."""
    mocks = Recorder()
    with mocked(mocks):
        yield mocks


@pytest.fixture
def platform_outputs() -> PlatformOutputs:
    side = SideOutputs(subnet_pool="pool", backbone_network="bb-net", backbone_subnet="bb-sub")
    return PlatformOutputs(
        external_network="public-id",
        external_network_name="public",
        sides={"external": side, "internal": side},
        management_network="mgmt-net",
        management_subnet="mgmt-sub",
        management_router="mgmt-router",
        routes=(),
        image="image-id",
        volume_types=("sensitive", "standard"),
        flavors={"small": "1", "medium": "2", "large": "3"},
        roles=dict.fromkeys(("member", "manager", "reader", DEPLOYER), "role-id"),
        groups=dict.fromkeys(("xiangyang-it-leads", "xiangyang-helpdesk", "xiangyang-audit"), "group-id"),
        nodes={"xiangyang-portal": "node-id"},
        domain="default",
        identity_url="https://identity.example/v3",
        certificates="",
        bastion="bastion-id",
        bastion_address="203.0.113.10",
    )
