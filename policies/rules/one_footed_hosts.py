"""A host has one network port, so it can never join two segments."""

from __future__ import annotations

from collections.abc import Iterator

from policies.context import Context
from policies.resource import Resource
from policies.rule import Rule


def _check(resource: Resource, context: Context) -> Iterator[str]:  # noqa: ARG001 - holds without a plan
    if resource.kind == "compute/InterfaceAttach":
        yield "a second port for a host"
        return
    networks = resource.value("networks")
    if not isinstance(networks, list) or len(networks) != 1:
        count = len(networks) if isinstance(networks, list) else "an unknown number of"
        yield f"the host has {count} network ports instead of one"
    elif set(networks[0]) - {"__defaults"} != {"port"}:
        yield "the host's port is not named: Nova would make one without our security groups"


RULE = Rule(
    title="A host has exactly one network port, which the stack made",
    controls=("8.1.3.1-a", "8.1.3.1-c", "8.1.2.1-d"),
    check=_check,
    kinds=frozenset({"compute/Instance", "compute/InterfaceAttach"}),
)
