"""The toolchain of this deployment; the first run on a machine makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.toolchain import Toolchain, ensure_toolchain
from scripts.toolchain.plugin import NAME
from stacks.settings import Settings


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    return ensure_toolchain(Settings.from_environment())


@pytest.fixture(scope="session")
def provider(toolchain: Toolchain) -> Path:
    """The provider as the engine starts it."""
    return next(toolchain.home.glob(f"plugins/*/{NAME}"))
