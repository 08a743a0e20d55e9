"""What a request forbids to remove cannot be removed by Pulumi either; volumes never without a word."""

from __future__ import annotations

from collections.abc import Iterator

from policies.context import Context
from policies.expected.tenant import VOLUME
from policies.resource import Resource
from policies.rule import Rule
from stacks.plan.lifecycle import is_held, is_kept


def _check(resource: Resource, context: Context) -> Iterator[str]:
    if context.tenant is None or resource.protect:
        return
    if resource.kind == VOLUME:
        yield "it holds data, and protect=True is missing"
        return
    guarded = is_held if resource.kind == "compute/Instance" else is_kept
    if guarded(context.tenant.request):
        yield "the request prevents its removal, and protect=True is missing"


RULE = Rule(
    title="What a request forbids to remove is protected, and volumes always",
    controls=("8.1.4.7-b", "8.2.3.3-a"),
    check=_check,
    kinds=frozenset({"identity/Project", "compute/Instance", VOLUME}),
)
