"""Every reference leads to the object that the plan means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.context import Context
from policies.expected.model import Ref, Shared, references
from policies.resource import Resource
from policies.rule import StackRule

REFERENCE = "pulumi:pulumi:StackReference"


def _check(stack: Mapping[str, Resource], context: Context) -> Iterator[tuple[str, str]]:
    by_key = {(item.kind, item.name): item for item in stack.values()}
    shared = _shared(stack)
    for resource in stack.values():
        expected = context.expected(resource)
        for name, want in expected.values.items() if expected else ():
            for problem in _problems(name, want, resource, by_key, shared):
                yield resource.urn, problem


def _problems(
    name: str,
    want: object,
    resource: Resource,
    by_key: Mapping[tuple[str, str], Resource],
    shared: Mapping[str, object],
) -> Iterator[str]:
    found = list(references(want, resource.values.get(name)))
    keys = {(wanted.kind, wanted.name) for wanted, _ in found if isinstance(wanted, Ref)}
    targets = {by_key[key].urn for key in keys if key in by_key}
    used = resource.references.get(name, frozenset())
    if keys and used != targets:
        yield f"{name} is made from {_names(used)}; the plan says {', '.join(sorted(own for _, own in keys))}"
    for wanted, value in found:
        known = _id(wanted, by_key, shared)
        if isinstance(value, str) and known is not None and value != known:
            yield f"{name} is {value!r}; {wanted} is {known!r}"


def _id(
    wanted: Ref | Shared, by_key: Mapping[tuple[str, str], Resource], shared: Mapping[str, object]
) -> object:
    """The id behind a reference; `None` where it is not known."""
    if isinstance(wanted, Ref):
        target = by_key.get((wanted.kind, wanted.name))
        return target.id if target else None
    value: object = shared
    for step in wanted.path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else None


def _shared(stack: Mapping[str, Resource]) -> Mapping[str, object]:
    """The outputs of the platform, as this stack reads them."""
    found = [item.values.get("outputs") for item in stack.values() if item.type == REFERENCE]
    return next((item for item in found if isinstance(item, Mapping)), {})


def _names(urns: frozenset[str]) -> str:
    return ", ".join(sorted(urn.rsplit("::", 1)[-1] for urn in urns)) or "nothing"


RULE = StackRule(
    title="Every reference leads to the object that the plan means",
    controls=("8.1.3.1-a", "8.1.3.2-a", "8.1.4.2-d"),
    check=_check,
)
