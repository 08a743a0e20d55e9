"""Whether a tenant may be removed: its request has the last word."""

from __future__ import annotations

from stacks.errors import PlanError
from stacks.request.tenant import TenantRequest


def require_removable(request: TenantRequest) -> None:
    """Refuse to remove what its request protects.

    Raises:
        PlanError: a legal hold stands, or `deletion` is `prevent`.
    """
    life = request.lifecycle
    if hold := life.legal_hold:
        raise PlanError(
            f"tenant {request.id} is under legal hold since {hold.since}: {hold.reason} ({hold.by}).",
            f"Nothing of it is removed before lifecycle.legal_hold leaves tenants/{request.id}.yaml.",
        )
    if life.deletion == "prevent":
        raise PlanError(
            f"the request of tenant {request.id} prevents its removal.",
            f"Have `deletion: allow` approved in tenants/{request.id}.yaml first.",
        )


def is_kept(request: TenantRequest) -> bool:
    """Whether the request forbids to remove the tenant, so that Pulumi protects its project."""
    return request.lifecycle.deletion == "prevent" or is_held(request)


def is_held(request: TenantRequest) -> bool:
    """Whether nothing of the tenant may be removed, so that Pulumi protects its hosts, too."""
    return request.lifecycle.legal_hold is not None
