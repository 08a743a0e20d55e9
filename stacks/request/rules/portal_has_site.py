"""A host with the workload `portal` says what its pages show, and only that one does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield portals without a site and sites without a portal."""
    for source in zone.tenants:
        for index, host in enumerate(source.value.hosts):
            if (host.workload == "portal") != (host.site is not None):
                expected = "required by" if host.site is None else "only allowed with"
                message = f"hosts.{index}.site: {expected} workload 'portal'"
                yield Diagnostic(source.document.position("hosts", index), message)
