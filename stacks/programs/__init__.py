"""The Pulumi programs: one for the platform, one for every tenant."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from stacks.plan.naming import PLATFORM_STACK
from stacks.programs import platform, tenant

PROGRAMS: dict[str, Callable[[], None]] = {PLATFORM_STACK: platform.run}


def program_of(stack: str) -> Callable[[], None]:
    """The program of a stack; every stack that is not the platform's is the tenant of that name."""
    return PROGRAMS.get(stack) or partial(tenant.run, stack)
