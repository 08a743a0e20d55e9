"""Every rule lets its good examples pass and refuses its bad ones; nothing that the plan wants is refused."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from policies.expected.model import Ref
from policies.resource import Resource
from policies.rule import Rule, StackRule
from policies.rules import RULES
from tests.unit.policies import zone

EACH = {name: rule for name, rule in RULES.items() if isinstance(rule, Rule)}
WHOLE = {name: rule for name, rule in RULES.items() if isinstance(rule, StackRule)}


def examples(name: str) -> tuple[list[Any], list[tuple[str, Any]]]:
    found = import_module(f"tests.unit.policies.examples.{name.replace('-', '_')}")
    return found.PASSING, found.FAILING


PASSING = [(name, good) for name in EACH for good in examples(name)[0]]
FAILING = [(name, text, bad) for name in EACH for text, bad in examples(name)[1]]

GOOD_STACKS = [(name, good) for name in WHOLE for good in examples(name)[0]]
BAD_STACKS = [(name, text, bad) for name in WHOLE for text, bad in examples(name)[1]]


def refused(name: str, resource: Resource) -> list[str]:
    context = replace(zone.context(resource.stack), ids={})
    return list(EACH[name].violations(resource, context))


@pytest.mark.parametrize(("name", "good"), PASSING, ids=lambda value: getattr(value, "name", value))
def test_good_examples_pass(name: str, good: Resource) -> None:
    assert refused(name, good) == []


@pytest.mark.parametrize(("name", "text", "bad"), FAILING, ids=lambda value: getattr(value, "name", value))
def test_bad_examples_are_refused(name: str, text: str, bad: Resource) -> None:
    violations = refused(name, bad)
    assert any(text in violation for violation in violations), violations


@pytest.mark.parametrize("stack", zone.STACKS)
def test_nothing_that_the_plan_wants_is_refused(stack: str) -> None:
    wanted = [zone.planned(stack, kind, name) for kind, name in zone.context(stack).objects]
    assert wanted
    assert {
        (item.kind, item.name): found for item in wanted for name in EACH if (found := refused(name, item))
    } == {}


def refused_in(name: str, stack: dict[str, Resource]) -> list[str]:
    context = zone.context(next(iter(stack.values())).stack)
    return [text for _, text in WHOLE[name].check(stack, context)]


@pytest.mark.parametrize(
    ("name", "good"), GOOD_STACKS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_good_stacks_pass(name: str, good: dict[str, Resource]) -> None:
    assert refused_in(name, good) == []


@pytest.mark.parametrize(
    ("name", "text", "bad"), BAD_STACKS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_bad_stacks_are_refused(name: str, text: str, bad: dict[str, Resource]) -> None:
    violations = refused_in(name, bad)
    assert any(text in violation for violation in violations), violations


@pytest.mark.parametrize("stack", [zone.PORTAL, zone.PLATFORM, zone.WIRED])
def test_the_plan_itself_is_a_good_stack(stack: str) -> None:
    assert {name: found for name in WHOLE if (found := refused_in(name, zone.stack(stack)))} == {}


def test_ids_that_are_mixed_up_are_seen_in_an_update() -> None:
    """One rule on the wrong security group: harmless by itself, but the id was another group's before."""
    context = replace(zone.context(zone.PORTAL), ids={})
    groups = {name: f"id-of-{name}" for kind, name in context.objects if kind == "networking/SecGroup"}
    rules = [item for key, item in context.objects.items() if key[0] == "networking/SecGroupRule"]

    def violations(name: str, group: str) -> list[str]:
        made = zone.planned(zone.PORTAL, "networking/SecGroupRule", name, securityGroupId=groups[group])
        return list(EACH["references-agree"].violations(made, context))

    owners = {}
    for rule in rules:
        owner = rule.values["securityGroupId"]
        assert isinstance(owner, Ref)
        owners[rule.name] = owner.name
        assert violations(rule.name, owner.name) == []
    name, own = next(iter(owners.items()))
    other = next(group for group in groups if group != own)
    assert violations(name, own) == []
    found = violations(name, other)
    assert any(f"which was '{groups[own]}' before" in text for text in found)
    assert any(f"and for the id of networking/SecGroup {other}" in text for text in found)
