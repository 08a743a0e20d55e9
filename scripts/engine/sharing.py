"""What stacks that run side by side share: the cloud's patience and this machine's processors."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

CONCURRENT_STACKS = 4
"""Each stack is a process of its own; the cloud's API is the limit, not this machine."""

CONCURRENT_OPERATIONS = 16
"""What all stacks that run side by side do at the same time; with more they took longer (ADR 76)."""

FEWEST_OPERATIONS = 2
"""Of one stack, however many run: with one alone, whatever is slow would hold up all the rest."""

GARBAGE_PERCENT = 400
"""By how much a process grows until Go collects garbage (GOGC, by itself 100): less work for 40 MiB."""


@dataclass(frozen=True)
class Share:
    """What one stack gets.

    Attributes:
        options: of `pulumi`.
        variables: of its environment, and so of its providers'.
    """

    options: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


ALONE = Share()
"""Of a stack that runs by itself."""


def shared_out(stacks: int) -> Share:
    """The share of each of so many stacks.

    A stack that is alone keeps what Pulumi itself gives it: four operations for each core of this machine,
    and all cores. Of several, each process has its part of the cores: with more, engines and providers are in
    each other's way, which costs them a tenth of their time. Collecting garbage often costs another (ADR 76).
    """
    at_once = min(stacks, CONCURRENT_STACKS)
    if at_once <= 1:
        return ALONE
    operations = max(FEWEST_OPERATIONS, CONCURRENT_OPERATIONS // at_once)
    cores = max(1, len(os.sched_getaffinity(0)) // at_once)
    variables = {"GOMAXPROCS": str(cores), "GOGC": str(GARBAGE_PERCENT)}
    return Share((f"--parallel={operations}",), variables)
