"""The two ends of a flow or an exchange, with the tenant that a short name leaves out."""

from __future__ import annotations

from stacks.request.fields import SHARED
from stacks.request.model.exchange import Exchange
from stacks.request.platform import Platform
from stacks.request.tenant import Flow


def absolute_ends(flow: Flow | Exchange, tenant: str) -> dict[str, str]:
    """`from` and `to` as `tenant/segment`, for what the tenant declares."""
    ends = {"from": flow.source, "to": flow.target}
    return {key: end if "/" in end else f"{tenant}/{end}" for key, end in ends.items()}


def is_own(flow: Flow | Exchange, tenant: str) -> bool:
    """Whether a flow or an exchange begins or ends at the tenant that declares it."""
    return any(end.startswith(f"{tenant}/") for end in absolute_ends(flow, tenant).values())


def shared_ends(flow: Flow) -> dict[str, str]:
    """The name of the shared service under `from` or `to`, where one stands there."""
    ends = {"from": flow.source, "to": flow.target}
    return {key: end.partition("/")[2] for key, end in ends.items() if end.startswith(f"{SHARED}/")}


def answering(end: str, platform: Platform) -> str:
    """The tenant whose segment an end is; behind a shared service that is its provider."""
    tenant, _, name = end.partition("/")
    shared = platform.shared_services.get(name) if tenant == SHARED else None
    return shared.provider if shared else tenant
