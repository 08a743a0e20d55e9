"""The comparison of a resource with the plan, which several rules make for their own kinds."""

from __future__ import annotations

from collections.abc import Iterator

from policies.context import Context
from policies.expected.model import differences
from policies.resource import Resource
from stacks.request.diagnostics import did_you_mean


def as_planned(resource: Resource, context: Context) -> Iterator[str]:
    """How a resource differs from the plan; a stack that nobody requested is another rule's concern."""
    if not context.requested:
        return
    expected = context.expected(resource)
    if expected is None:
        known = [name for kind, name in context.objects if kind == resource.kind]
        yield f"the plan has no {resource.kind} {resource.name!r}; {did_you_mean(resource.name, known)}"
        return
    yield from differences(expected.values, resource.values)
