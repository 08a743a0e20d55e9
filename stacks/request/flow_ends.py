"""The two ends of a flow or an exchange, with the tenant that a short name leaves out."""

from __future__ import annotations

from stacks.request.fields import SHARED
from stacks.request.model.exchange import Exchange
from stacks.request.platform import Platform
from stacks.request.tenant import Flow

PREFIX = f"{SHARED}/"
"""What an end begins with that is a shared service."""


def absolute_ends(flow: Flow | Exchange, tenant: str) -> dict[str, str]:
    """`from` and `to` as `tenant/segment`, for what the tenant declares."""
    return {"from": absolute(flow.source, tenant), "to": absolute(flow.target, tenant)}


def absolute(end: str, tenant: str) -> str:
    """One end as `tenant/segment`."""
    return end if "/" in end else f"{tenant}/{end}"


def is_own(flow: Flow | Exchange, tenant: str) -> bool:
    """Whether a flow or an exchange begins or ends at the tenant that declares it."""
    own = ("", tenant)
    return flow.source.rpartition("/")[0] in own or flow.target.rpartition("/")[0] in own


def shared_ends(flow: Flow) -> dict[str, str]:
    """The name of the shared service under `from` or `to`, where one stands there."""
    ends = (("from", flow.source), ("to", flow.target))
    return {key: end.removeprefix(PREFIX) for key, end in ends if end.startswith(PREFIX)}


def answering(end: str, platform: Platform) -> str:
    """The tenant whose segment an end is; behind a shared service that is its provider."""
    tenant, _, name = end.partition("/")
    shared = platform.shared_services.get(name) if tenant == SHARED else None
    return shared.provider if shared else tenant
