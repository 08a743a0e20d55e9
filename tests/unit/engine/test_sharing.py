"""Stacks that run side by side share the operations that the cloud is asked for at the same time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.engine.landing_zone import CONCURRENT_OPERATIONS, CONCURRENT_STACKS, shared_out
from scripts.engine.operations import DESTROY, UP, operate
from scripts.engine.pulumi import Pulumi
from stacks.settings import Settings


@pytest.mark.parametrize("stacks", [0, 1])
def test_a_stack_alone_keeps_what_pulumi_gives_it(stacks: int) -> None:
    assert shared_out(stacks) == ()


@pytest.mark.parametrize("stacks", [2, 3, CONCURRENT_STACKS, 10, 1000])
def test_stacks_side_by_side_ask_for_no_more_than_all_may(stacks: int) -> None:
    (option,) = shared_out(stacks)
    name, _, each = option.partition("=")
    assert name == "--parallel"
    assert int(each) > 1
    assert int(each) * min(stacks, CONCURRENT_STACKS) <= CONCURRENT_OPERATIONS


@pytest.mark.parametrize("command", [UP, DESTROY], ids=lambda command: command[0])
def test_options_reach_pulumi(command: tuple[str, ...], tmp_path: Path) -> None:
    """Pulumi refuses a number that is none before it asks anybody for anything."""
    settings = replace(Settings.from_environment(), home=tmp_path, backend=f"file://{tmp_path / 'pulumi'}")
    ran = operate(
        Pulumi(settings),
        settings,
        "anybody",
        command,
        lambda _: None,
        new=True,
        options=("--parallel=several",),
    )
    result = asyncio.run(ran)
    assert 'invalid argument "several" for "-p, --parallel" flag' in "\n".join(result.errors)
