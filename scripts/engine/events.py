"""Pulumi's engine events (one JSON object a line), reduced to what a person wants to know."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

NOISE = re.compile(
    r"<\{%.*?%\}>|\x1b\[[0-9;]*m|sdk-v2/provider2\.go:\d+: sdk\.helper_schema: |: provider=openstack@[\d.]+"
)
"""Colours, and where in the provider's source a text comes from."""

CHANGES = frozenset({"create", "update", "delete", "replace", "create-replacement", "delete-replaced"})


@dataclass
class StackProgress:
    """How far one stack is; fed line by line.

    Attributes:
        current: the resource that was touched last, `type name`.
        done: resources that are finished, changed or not.
        changed: resources that were created, updated or deleted.
        errors: what failed, each with the resource's name.
    """

    name: str
    current: str = ""
    done: int = 0
    seen: int = 0
    changed: int = 0
    finished: bool = False
    errors: list[str] = field(default_factory=list)

    def feed(self, line: str) -> None:
        """Take one line of output; a line that is not an event is kept as an error text."""
        try:
            event = json.loads(line)
        except ValueError:
            if line.strip():
                self.errors.append(line.strip())
            return
        for kind, handler in _HANDLERS.items():
            if kind in event:
                handler(self, event[kind])

    def _started(self, event: dict[str, dict[str, str]]) -> None:
        self.seen += 1
        urn = event["metadata"]["urn"]
        self.current = urn.rsplit("::", maxsplit=1)[-1]

    def _ended(self, event: dict[str, dict[str, str]]) -> None:
        self.done += 1
        touched = event["metadata"]
        self.changed += touched["op"] in CHANGES and touched["type"].startswith("openstack:")

    def _diagnostic(self, event: dict[str, str]) -> None:
        if event.get("severity") != "error":
            return
        name = event.get("urn", "").rsplit("::", maxsplit=1)[-1]
        text = NOISE.sub("", event.get("message", "")).strip()
        if self.errors and text.startswith("an unhandled error occurred"):
            return  # It repeats what the program has said.
        if text and "update failed" not in text and not text.startswith("1 error occurred"):
            self.errors.append(f"{name}: {text}" if name and not name.startswith("govcloud-") else text)

    def _violation(self, event: dict[str, str]) -> None:
        if event.get("enforcementLevel") == "mandatory":
            name = event.get("resourceUrn", "").rsplit("::", maxsplit=1)[-1]
            text = NOISE.sub("", event.get("message", "")).strip().replace("\n", ": ")
            self.errors.append(f"{name}: refused by the policy {event.get('policyName')}: {text}")


_HANDLERS: dict[str, Callable[[StackProgress, Any], None]] = {
    "resourcePreEvent": StackProgress._started,
    "resOutputsEvent": StackProgress._ended,
    "diagnosticEvent": StackProgress._diagnostic,
    "policyEvent": StackProgress._violation,
}
