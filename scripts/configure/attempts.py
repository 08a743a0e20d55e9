"""Hosts are configured as they come: those that answer at once first, then those at their first start.

One that was never met before may be an emulated one, which starts for minutes; nobody else waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from scripts.access.ssh import BASTION
from scripts.configure.greet import answers, greet, hopeless, known_as, remembered
from scripts.configure.progress import HostTable
from scripts.configure.run import Run
from scripts.console import err

TRIES = 2
"""How often a host is tried whose connection breaks on the way; everything done until then stays done."""

FIRST_START = 900.0
"""Seconds that a host may take to answer for the first time, from the first greeting on.

An emulated one needs two minutes of a processor until then; beside others, on a busy machine, it has a
quarter of one, and less where several start at once.
"""


@dataclass
class Attempts:
    """The greetings and plays of one deployment.

    Attributes:
        check: say what would change, and change nothing.
    """

    run: Run
    table: HostTable
    ssh_config: Path
    check: bool
    _numbers: Iterator[int] = field(default_factory=count)

    def configure(self) -> None:
        """Configure every host of the table; what became of each is in the table afterwards."""
        # Asked before: a host at its first start says a word long before it knows the operators' key.
        started, met = time.monotonic(), remembered(self.ssh_config)
        silent = greet(list(self.table.hosts), self.ssh_config)
        self.table.lose(silent)
        self._play([name for name in self.table.hosts if name not in silent])
        if late := self._starting(silent, met):
            self._await(late, started + FIRST_START)

    def _starting(self, silent: Mapping[str, str], met: Collection[str]) -> list[str]:
        """Hosts that may be at their first start: nothing but themselves keeps them from answering."""
        hosts = (name for name, said in silent.items() if name != BASTION and not hopeless(said))
        new = [name for name in hosts if known_as(name, self.ssh_config) not in met]
        return new if new and answers(BASTION, self.ssh_config) else []

    def _await(self, late: Collection[str], deadline: float) -> None:
        seconds = max(0.0, deadline - time.monotonic())
        text = f"never met before, maybe at their first start, up to {seconds / 60:.0f} min more: "
        err.print(f"{text}{', '.join(late)} …", markup=False)
        self.table.renew(late)
        silent = greet(late, self.ssh_config, seconds)
        self.table.lose({name: _never_answered(name, said) for name, said in silent.items()})
        self._play([name for name in late if name not in silent])

    def _play(self, hosts: Collection[str]) -> None:
        for number in range(TRIES):
            if hosts:
                self.run.play(next(self._numbers), hosts, self.table, check=self.check)
            if number + 1 == TRIES or not (lost := self.table.renew_lost()):
                return
            silent = greet(lost, self.ssh_config)
            self.table.lose(silent)
            hosts = [name for name in lost if name not in silent]


def _never_answered(host: str, said: str) -> str:
    return (
        f"no answer for {FIRST_START / 60:.0f} minutes, and none ever before: {said}. If "
        f"`openstack console log show {host}` shows a start that goes on, wait for its end"
    )
