"""What is called the same is the same object, and what is called differently is another."""

from __future__ import annotations

from collections.abc import Iterator

from policies.context import Context
from policies.expected.model import Ref, Shared, references
from policies.resource import Resource
from policies.rule import Rule


def _check(resource: Resource, context: Context) -> Iterator[str]:
    """In an update ids are known: each planned object has one, and no two have the same.

    Who mixes objects up consistently has only renamed them; in part, and an id is seen twice.
    """
    expected = context.expected(resource)
    for wanted, found in references(expected.values, resource.values) if expected else ():
        if not isinstance(found, str):
            continue
        known = context.ids.setdefault(wanted, found)
        if known != found:
            yield f"{found!r} stands for {wanted}, which was {known!r} before"
        for other, id_ in context.ids.items():
            if id_ == found and other != wanted and _are_alike(other, wanted):
                yield f"{found!r} stands for {wanted}, and for {other}"


def _are_alike(one: Ref | Shared, other: Ref | Shared) -> bool:
    return isinstance(one, Ref) and isinstance(other, Ref) and one.kind == other.kind


RULE = Rule(
    title="An id stands for one object of the plan, in every place",
    controls=("8.1.3.1-a", "8.1.3.2-a"),
    check=_check,
)
