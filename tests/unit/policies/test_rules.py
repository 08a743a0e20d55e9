"""Every rule lets its good examples pass and refuses its bad ones; nothing that the plan wants is refused."""

from __future__ import annotations

from importlib import import_module

import pytest

from policies.resource import Resource
from policies.rule import Rule
from policies.rules import RULES
from tests.unit.policies import zone

EACH = {name: rule for name, rule in RULES.items() if isinstance(rule, Rule)}


def examples(name: str) -> tuple[list[Resource], list[tuple[str, Resource]]]:
    found = import_module(f"tests.unit.policies.examples.{name.replace('-', '_')}")
    return found.PASSING, found.FAILING


PASSING = [(name, good) for name in EACH for good in examples(name)[0]]
FAILING = [(name, text, bad) for name in EACH for text, bad in examples(name)[1]]


def refused(name: str, resource: Resource) -> list[str]:
    return list(EACH[name].violations(resource, zone.context(resource.stack)))


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
