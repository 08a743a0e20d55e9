"""A program goes on only in a run that the policy pack watches."""

from __future__ import annotations

import pytest

from stacks import watched
from stacks.errors import MachineError

ENGINE = "127.0.0.1:9"


@pytest.mark.parametrize(
    "arguments", [["python", "exec", f"--engine={ENGINE}"], ["--engine", ENGINE, "--x=y"]]
)
def test_the_door_is_open_only_for_this_engine_and_only_while_the_pack_runs(arguments: list[str]) -> None:
    with watched.announce(ENGINE):
        watched.require(arguments)
        with pytest.raises(MachineError, match="does not watch this run"):
            watched.require(["--engine=127.0.0.1:10"])
    with pytest.raises(MachineError, match="govcloud env"):
        watched.require(arguments)


def test_without_an_engine_nobody_is_in() -> None:
    with pytest.raises(MachineError):
        watched.require(["python"])
