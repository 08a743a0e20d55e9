"""The landing zone that the rules are tested in: the example tenants, its planned objects as if made."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from policies.context import Context
from policies.expected.model import Expected, Given, Hand, Ref, Shared
from policies.resource import Resource
from stacks.plan.landing_zone import plan_from_folder
from stacks.settings import REPOSITORY, Settings

HOME = Path(__file__).with_name("home")
SETTINGS = Settings(HOME, HOME, "lab", REPOSITORY / "tenants", "file://unused")
PLAN = plan_from_folder(SETTINGS.tenants)
PORTAL, OFFICE, PLATFORM, NOBODY = "xiangyang-portal", "taihe-office", "platform", "nobodys-tenant"
STACKS = (*(tenant.id for tenant in PLAN.tenants), PLATFORM)


@cache
def context(stack: str) -> Context:
    """What the rules know of a stack."""
    return Context.of(stack, PLAN, SETTINGS)


def resource(
    kind: str,
    name: str,
    stack: str = PORTAL,
    /,
    *,
    by: Hand | None = None,
    **values: Any,  # noqa: ANN401 - a property holds anything
) -> Resource:
    """A resource that somebody wrote by hand, made by the stack's usual provider."""
    module, _, own = kind.partition("/")
    token = f"openstack:{module}/{own[:1].lower()}{own[1:]}:{own}" if own else kind
    made_by = None
    if module == "providers":
        token = f"pulumi:providers:{own}"
    else:
        hand = by or (Hand.ADMINISTRATOR if stack == PLATFORM else Hand.TENANT)
        made_by = resource("providers/openstack", hand.value, stack)
    return Resource(token, name, f"urn:pulumi:{stack}::govcloud::{token}::{name}", values, made_by)


def planned(stack: str, kind: str, name: str, /, **changes: Any) -> Resource:  # noqa: ANN401 - as above
    """An object of the plan as the stack makes it, with some properties changed; `None` removes one."""
    expected = context(stack).objects[kind, name]
    values = {**made(expected), **changes}
    kept = {key: value for key, value in values.items() if value is not None}
    return resource(kind, name, stack, by=expected.hand, **kept)


def made(expected: Expected) -> dict[str, Any]:
    """The properties of a planned object, with some id for every reference."""
    values: dict[str, Any] = _filled(expected.values)
    return values


def _filled(value: Any) -> Any:  # noqa: ANN401
    match value:
        case Ref() | Shared():
            return str(value)
        case Given():
            return None
        case dict():
            return {key: _filled(item) for key, item in value.items()}
        case list():
            return [_filled(item) for item in value]
    return value
