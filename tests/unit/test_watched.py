"""A program goes on only in a run that the policy pack watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from stacks import watched
from stacks.errors import MachineError

ENGINE = "127.0.0.1:9"


@pytest.fixture
def engine() -> Iterator[Callable[[str], object]]:
    """Sets the engine of the test's own run."""
    before = watched.ENGINE.get()
    yield watched.ENGINE.set
    watched.ENGINE.set(before)


def test_the_door_is_open_only_for_this_engine_and_only_while_the_pack_runs(
    engine: Callable[[str], object],
) -> None:
    engine(ENGINE)
    with watched.announce(ENGINE):
        watched.require()
        engine("127.0.0.1:10")
        with pytest.raises(MachineError, match="does not watch this run"):
            watched.require()
    engine(ENGINE)
    with pytest.raises(MachineError, match="govcloud env"):
        watched.require()


def test_without_an_engine_nobody_is_in(engine: Callable[[str], object]) -> None:
    engine("")
    with pytest.raises(MachineError):
        watched.require()


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["python", "exec", f"--engine={ENGINE}"], ENGINE),
        (["--engine", ENGINE, "--x=y"], ENGINE),
        (["python"], ""),
    ],
)
def test_the_language_host_names_the_engine(arguments: list[str], found: str) -> None:
    assert watched.engine_of(arguments) == found
