"""The comparison of a resource with the plan, which several rules make for their own kinds."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from policies.context import Context
from policies.expected.model import differences
from policies.resource import Resource


def as_planned(resource: Resource, context: Context) -> Iterator[str]:
    """How a resource differs from the plan; a stack that nobody requested is another rule's concern."""
    if not context.requested:
        return
    expected = context.expected(resource)
    if expected is None:
        known = [name for kind, name in context.objects if kind == resource.kind]
        near = "".join(f"; the nearest is '{name}'" for name in get_close_matches(resource.name, known, 1))
        yield f"the plan has no {resource.kind} {resource.name!r}{near}"
        return
    yield from differences(expected.values, resource.values)
