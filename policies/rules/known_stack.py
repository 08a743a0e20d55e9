"""Every stack is requested: the platform's, or that of a tenant with a request."""

from __future__ import annotations

from collections.abc import Iterator

from policies.context import Context
from policies.resource import Resource
from policies.rule import Rule


def _check(resource: Resource, context: Context) -> Iterator[str]:  # noqa: ARG001 - about the whole stack
    if not context.requested:
        yield f"nobody requested a tenant {context.stack!r}: there is no tenants/{context.stack}.yaml"


RULE = Rule(
    title="Nothing is built in a stack that nobody requested",
    controls=("8.1.3.1-a", "8.2.5.1-a"),
    check=_check,
)
