"""The option that writes the golden files anew, and English for every test that asks for nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import pytest

from stacks.language import CURRENT, Language

# No test asserts a time: a busy machine would fail it.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate", action="store_true", help="Write the golden files instead of comparing.")


@pytest.fixture
def regenerate(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--regenerate", default=False))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    CURRENT.set(Language.EN)
    yield
    CURRENT.set(Language.EN)
