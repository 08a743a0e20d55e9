"""What Pulumi's SDK sends an engine and nobody reads; left out where one process serves many engines.

For every resource a program sends a few debug messages, each a call that waits for its answer. The engine
shows them with `--debug` alone, which no command of ours gives. And with every resource the engine keeps the
stack of the program, from the server's thread upwards: half of the state, which is written after each step.
"""

from __future__ import annotations

import pulumi
from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2


def leave_out() -> None:
    """Send no debug messages any more, and of each stack the frame that made the resource."""
    # The SDK, whose version is pinned, has no switch for either.
    pulumi.log.debug = _say_nothing
    resource._get_stack_trace = _made_by


def _say_nothing(
    msg: str,
    resource: pulumi.Resource | None = None,
    stream_id: int | None = None,
    ephemeral: bool | None = None,
) -> None: ...


_whole_stack = resource._get_stack_trace


def _made_by() -> source_pb2.StackTrace:
    return source_pb2.StackTrace(frames=_whole_stack().frames[:1])
