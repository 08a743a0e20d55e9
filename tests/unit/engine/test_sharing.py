"""Stacks that run side by side share the operations that the cloud is asked for at the same time."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.engine.landing_zone import destroy
from scripts.engine.operations import DESTROY, UP, Operation, Result, operate
from scripts.engine.pulumi import Programs, Pulumi
from scripts.engine.sharing import ALONE, CONCURRENT_OPERATIONS, CONCURRENT_STACKS, Share, shared_out
from stacks.settings import Settings


@pytest.mark.parametrize("stacks", [0, 1])
def test_a_stack_alone_keeps_what_pulumi_gives_it(stacks: int) -> None:
    assert shared_out(stacks) is ALONE


@pytest.mark.parametrize("stacks", [2, 3, CONCURRENT_STACKS, 10, 1000])
def test_stacks_side_by_side_ask_for_no_more_than_all_may(stacks: int) -> None:
    (option,) = shared_out(stacks).options
    name, _, each = option.partition("=")
    assert name == "--parallel"
    assert int(each) > 1
    assert int(each) * min(stacks, CONCURRENT_STACKS) <= CONCURRENT_OPERATIONS


@pytest.mark.parametrize(("cores", "stacks", "each"), [(1, 2, 1), (2, 10, 1), (8, 2, 4), (16, 10, 4)])
def test_stacks_side_by_side_share_the_cores(
    cores: int, stacks: int, each: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)))
    assert shared_out(stacks).variables == {"GOMAXPROCS": str(each), "GOGC": "400"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A deployment without a cloud, whose state is in a folder."""
    return replace(Settings.from_environment(), home=tmp_path, backend=f"file://{tmp_path / 'pulumi'}")


@pytest.mark.parametrize("command", [UP, DESTROY], ids=lambda command: command[0])
def test_options_reach_pulumi(command: tuple[str, ...], settings: Settings) -> None:
    """Pulumi refuses a number that is none before it asks anybody for anything."""
    operation = Operation("anybody", command, share=Share(("--parallel=several",)), new=True)
    ran = operate(Pulumi(settings), settings, operation, lambda _: None)
    result = asyncio.run(ran)
    assert 'invalid argument "several" for "-p, --parallel" flag' in "\n".join(result.errors)


@pytest.mark.parametrize("stacks", [["one"], ["one", "two"]], ids=len)
def test_stacks_get_their_share(
    stacks: list[str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Share] = []
    stream = Pulumi.stream

    async def listened(
        self: Pulumi,
        log: Path,
        on_line: Callable[[str], None],
        *arguments: str,
        programs: Programs,
        variables: Mapping[str, str],
    ) -> int:
        options = tuple(argument for argument in arguments if argument.startswith("--parallel"))
        asked.append(Share(options, variables))
        return await stream(self, log, on_line, *arguments, programs=programs, variables=variables)

    async def make_and_destroy() -> list[Result]:
        for stack in stacks:
            await Pulumi(settings).create_stack(stack)
        return await destroy(settings, stacks, lambda _: None)

    monkeypatch.setattr(Pulumi, "stream", listened)
    assert [result.errors for result in asyncio.run(make_and_destroy())] == [()] * len(stacks)
    assert asked == [shared_out(len(stacks))] * len(stacks)
