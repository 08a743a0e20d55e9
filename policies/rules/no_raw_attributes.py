"""No attribute is handed to the cloud's API past the provider, where no rule could read it."""

from __future__ import annotations

from collections.abc import Iterator

from policies.context import Context
from policies.resource import Resource
from policies.rule import Rule

RAW = ("valueSpecs", "vendorOptions", "schedulerHints", "extra")


def _check(resource: Resource, context: Context) -> Iterator[str]:  # noqa: ARG001 - holds without a plan
    for name in RAW:
        if resource.value(name):
            yield f"{name} is set: it reaches the cloud's API unread"


RULE = Rule(
    title="No attribute reaches the cloud's API unread",
    controls=("8.1.3.1-a", "8.1.4.4-d"),
    check=_check,
)
