"""Exit with 0 when somebody consumes a queue of the lab's broker; run in the box by the lab's own Python.

A worker of Nova that calls another one before its queue exists waits ten seconds and more for nothing.
Usage: `consumer.py CREDENTIALS QUEUE`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import amqp  # type: ignore[import-not-found,unused-ignore]  # only the lab's environment has it


def main() -> int:
    """Ask the broker without creating the queue (passive declaration, AMQP 0-9-1)."""
    password = json.loads(Path(sys.argv[1]).read_text())["broker"]
    try:
        with amqp.Connection("127.0.0.1:5672", userid="lab", password=password) as connection:
            queue = connection.channel().queue_declare(sys.argv[2], passive=True)
    except (amqp.AMQPError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - the probe's answer
        return 1
    return 0 if queue.consumer_count else 1


if __name__ == "__main__":
    sys.exit(main())
