"""Nothing leaves a host that no rule lets out."""

from __future__ import annotations

from collections.abc import Iterator

from policies.addresses import is_everybody
from policies.context import Context
from policies.resource import Resource
from policies.rule import Rule


def _check(resource: Resource, context: Context) -> Iterator[str]:  # noqa: ARG001 - holds without a plan
    if resource.kind == "networking/SecGroup":
        if resource.value("deleteDefaultRules") is not True:
            yield "deleteDefaultRules is not true: Neutron would let everything out"
    elif resource.value("direction") != "ingress" and is_everybody(resource):
        yield "an egress rule that reaches everybody"


RULE = Rule(
    title="A security group starts from no rule, and no egress rule reaches everybody",
    controls=("8.1.3.1-c", "8.1.3.2-a"),
    check=_check,
    kinds=frozenset({"networking/SecGroup", "networking/SecGroupRule"}),
)
