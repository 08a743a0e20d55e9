"""Everything that the plan wants is in the stack: leaving an object out would delete it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.context import Context
from policies.resource import Resource
from policies.rule import StackRule


def _check(stack: Mapping[str, Resource], context: Context) -> Iterator[tuple[str, str]]:
    there = {(item.kind, item.name) for item in stack.values()}
    for key, expected in context.objects.items():
        if key not in there and not expected.optional:
            yield "", f"{expected.kind} {expected.name!r} of the plan is missing"


RULE = StackRule(
    title="Everything that the plan wants is in the stack",
    controls=("8.1.2.1-a", "8.2.3.1-a"),
    check=_check,
)
