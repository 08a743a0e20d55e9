"""The landing zone that the rules are tested in: the example tenants, its planned objects as if made."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from policies.context import Context
from policies.expected.model import Expected, Given, Hand, Ref, Shared, references
from policies.expected.tenant import VOLUME
from policies.resource import Resource
from stacks.plan.landing_zone import plan_from_folder
from stacks.request.tenant import TenantRequest
from stacks.settings import REPOSITORY, Settings
from tests import wired

HOME = Path(__file__).with_name("home")
SETTINGS = Settings(HOME, HOME, "lab", REPOSITORY / "tenants", "file://unused")
PLAN = plan_from_folder(SETTINGS.tenants)
PORTAL, OFFICE, PLATFORM, NOBODY = "xiangyang-portal", "taihe-office", "platform", "nobodys-tenant"
WIRED = "wired"
"""The portal's stack with its office on a VLAN, and a volume."""
STACKS = (*(tenant.id for tenant in PLAN.tenants), PLATFORM, WIRED)
HOLD = {"legal_hold": {"reason": "inquiry 2026-17", "by": "Zhao Lei", "since": "2026-11-02"}}
CHANGED: dict[str, dict[str, Any]] = {
    "kept": {"lifecycle": {"deletion": "prevent"}},
    "held": {"lifecycle": HOLD},
    "secret": {"classification": "sensitive"},
    "apart": {},
}
APART = {"apart": "guarded"}
"""Stacks that only exist here: the portal's with a changed request."""
MEMBER = str(Shared(("roles", "member")))
FIRST = [
    ("networking/QuotaV2", PORTAL),
    ("compute/QuotaSetV2", PORTAL),
    ("blockstorage/QuoteSetV3", PORTAL),
]
"""What the tenant's provider waits for."""
FROM_THE_CLOUD: dict[str, dict[str, Any]] = {
    "blockstorage/QuoteSetV3": {
        "volumeTypeQuota": {"volumes_sensitive": "0", "gigabytes_sensitive": "0", "volumes_standard": "-1"}
    }
}
"""Properties that the plan leaves to the cloud, and rules judge."""


@cache
def context(stack: str) -> Context:
    """What the rules know of a stack."""
    if stack in CHANGED:
        known = context(PORTAL)
        assert known.tenant is not None
        before = known.tenant.request.model_dump(mode="json", by_alias=True, exclude_unset=True)
        request = TenantRequest.model_validate({**before, **CHANGED[stack]})
        placement = replace(known.tenant.placement, availability_zone=APART.get(stack))
        tenant = replace(known.tenant, request=request, placement=placement)
        return replace(known, stack=stack, tenant=tenant)
    if stack == WIRED:
        return replace(Context.of(wired.TENANT, wired.plan(), SETTINGS), stack=stack)
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
    values = {**made(expected), **FROM_THE_CLOUD.get(kind, {}), **changes}
    kept = {key: value for key, value in values.items() if value is not None}
    whole = resource(kind, name, stack, by=expected.hand, **kept)
    return replace(whole, protect=kind == VOLUME)


def made(expected: Expected) -> dict[str, Any]:
    """The properties of a planned object, with some id for every reference."""
    values: dict[str, Any] = _filled(expected.values)
    return values


def _filled(value: Any) -> Any:  # noqa: ANN401
    match value:
        case Ref(kind="compute/Keypair"):
            return value.name
        case Ref() | Shared():
            return str(value)
        case Given():
            return None
        case dict():
            return {key: _filled(item) for key, item in value.items()}
        case list():
            return [_filled(item) for item in value]
    return value


def stack(name: str) -> dict[str, Resource]:
    """A whole stack as the plan wants it and the engine shows it at the end."""
    objects = context(name).objects
    resources = {key: planned(name, *key) for key in objects}
    urns = {key: resource.urn for key, resource in resources.items()}
    whole = {
        resource.urn: replace(
            resource,
            id=key[1] if key[0] == "compute/Keypair" else str(Ref(*key)),
            references={
                field: frozenset(
                    urns[wanted.kind, wanted.name]
                    for wanted, _ in references(value, resource.values.get(field))
                    if isinstance(wanted, Ref)
                )
                for field, value in objects[key].values.items()
            },
            depends_on=frozenset(urns[key] for key in FIRST if key in urns) if _is_hand(key) else frozenset(),
        )
        for key, resource in resources.items()
    }
    shared = resource("pulumi:pulumi:StackReference", "platform", name, outputs={"roles": {"member": MEMBER}})
    return {**whole, shared.urn: replace(shared, provider=None)}


def _is_hand(key: tuple[str, str]) -> bool:
    return key == ("providers/openstack", Hand.TENANT)


def altered(name: str, key: tuple[str, str], /, **changes: Any) -> dict[str, Resource]:  # noqa: ANN401 - as above
    """A stack of which one resource is not as the plan wants it; no change at all leaves it out."""
    whole = stack(name)
    urn = next(urn for urn, item in whole.items() if (item.kind, item.name) == key)
    if not changes:
        del whole[urn]
        return whole
    references = {**whole[urn].references, **changes.pop("references", {})}
    values = {**whole[urn].values, **changes.pop("values", {})}
    whole[urn] = replace(whole[urn], references=references, values=values, **changes)
    return whole


def urn(key: tuple[str, str], name: str = PORTAL) -> str:
    """Where a planned object lies in its stack."""
    return planned(name, *key).urn
