"""That the policy pack watches a run: the pack opens a door named after the engine, and the program knocks.

The engine does not tell a program whether a policy pack is loaded, and a flag on the command line replaces
what the environment says. The door is a Unix socket in Linux's abstract namespace (unix(7)): it has no file,
and it goes with the process that opened it.
"""

from __future__ import annotations

import socket
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from contextvars import ContextVar

from stacks.errors import MachineError

WAITING = 16
"""How many knocks may lie at the door; nobody ever opens."""


def announce(engine: str) -> socket.socket:
    """Open the door of the run of this engine (`host:port`); it stays open until the socket is closed."""
    door = socket.socket(socket.AF_UNIX)
    door.bind(_name(engine))
    door.listen(WAITING)
    return door


def engine_of(arguments: Sequence[str]) -> str:
    """The engine (`host:port`) that the language host names on a program's command line; else empty."""
    parser = ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    parser.add_argument("--engine", default="")
    return str(parser.parse_known_args(arguments)[0].engine)


OWN = engine_of(sys.orig_argv)

ENGINE: ContextVar[str] = ContextVar("ENGINE", default=OWN)
"""The engine of this run; a process that runs the programs of many stacks sets it for each."""


def require() -> None:
    """Go on only if the policy pack watches this run.

    Raises:
        MachineError: it does not.
    """
    with socket.socket(socket.AF_UNIX) as knock:
        try:
            knock.connect(_name(ENGINE.get()))
        except OSError:
            raise MachineError(
                "the policy pack does not watch this run, so nothing of the landing zone is built.",
                'Run `eval "$(govcloud env)"` first and leave `--policy-pack` away, or use `govcloud up`.',
            ) from None


def _name(engine: str) -> str:
    return f"\0govcloud-policies-{engine}"
