"""The plan of each tenant with what surrounds it: flows that wait, quota that is used, new addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from scripts.planning.revision import requests_at
from scripts.planning.season import season_data
from scripts.selection import select
from stacks.errors import RequestError
from stacks.language import say
from stacks.plan import flows
from stacks.plan.allocation import allocate
from stacks.plan.flows import DeclaredFlow
from stacks.plan.landing_zone import plan_landing_zone
from stacks.plan.model import Plan, PlatformPlan, TenantPlan
from stacks.plan.render import plain
from stacks.plan.usage import usage
from stacks.request.landing_zone import load
from stacks.request.ledger import read_ledger


@dataclass(frozen=True)
class Report:
    """What one request becomes.

    Attributes:
        on: the day that was planned.
        provisional: whether it has addresses that the ledger does not record yet; another request may
            still get them first.
        agreed: flows that all of their tenants declare; open.
        pending: flows that wait for another tenant's word, or for this one's; closed.
    """

    tenant: TenantPlan
    platform: PlatformPlan
    on: date
    provisional: bool
    agreed: tuple[DeclaredFlow, ...]
    pending: dict[DeclaredFlow, str]

    @property
    def quota(self) -> dict[str, tuple[int, int]]:
        """What is used and what is allowed, for every limit; memory in MiB."""
        allowed = self.tenant.quotas.model_dump()
        return {name: (used, allowed[name]) for name, used in usage(self.tenant, self.platform).items()}


def reports(tenants: Path, names: Sequence[str] | None, on: date) -> list[Report]:
    """A report for each named tenant, or for all. Nothing is written: missing addresses are only proposed.

    Args:
        tenants: the folder of requests.
        names: ids; all where there are none.
        on: the day on which the addresses would be recorded.

    Raises:
        RequestError: a file is wrong, or nobody requested such a tenant.
        PlanError: the requests cannot be met together.
    """
    zone, ledger = load(tenants), read_ledger(tenants)
    platform, requests = zone.platform.value, zone.requests
    complete = allocate(platform, requests, ledger, on)
    plan = plan_landing_zone(platform, requests, complete, on)
    agreed, waiting = flows.by_tenant(flows.agreed(platform, requests)), flows.waiting(platform, requests)
    return [
        Report(
            tenant=tenant,
            platform=plan.platform,
            on=on,
            provisional=complete.tenants[tenant.id] != ledger.tenants.get(tenant.id),
            agreed=agreed.get(tenant.id, ()),
            pending={flow: other for flow, other in waiting.items() if tenant.id in flow.tenants},
        )
        for tenant in map(plan.tenant, select(plan, names, everything=not names))
    ]


def proposed(tenants: Path, on: date) -> Plan:
    """The plan of a folder, with proposed addresses for what the ledger does not record yet.

    Raises:
        RequestError: a file is wrong.
        PlanError: the requests cannot be met together.
    """
    zone = load(tenants)
    platform, requests = zone.platform.value, zone.requests
    return plan_landing_zone(platform, requests, allocate(platform, requests, read_ledger(tenants), on), on)


def proposed_at(tenants: Path, revision: str, on: date) -> Plan:
    """The plan of the folder as it stood at a Git revision, by today's rules.

    Raises:
        RequestError: the revision is unknown, or its requests do not pass.
        PlanError: they cannot be met together.
    """
    with requests_at(tenants, revision) as folder:
        try:
            return proposed(folder, on)
        except RequestError as error:
            what = error.what.replace(f"{folder}/", "")
            refused = say("plan.old-requests", revision=revision, what=what)
            raise RequestError(refused, say("plan.later-revision")) from error


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "tenant": report.tenant.id,
        "on": report.on.isoformat(),
        "season": season_data(report.tenant.request, report.on),
        "addresses": "provisional" if report.provisional else "recorded",
        "plan": plain(report.tenant),
        "flows": {
            "agreed": [str(flow) for flow in report.agreed],
            "pending": [{"flow": str(flow), "waits_for": other} for flow, other in report.pending.items()],
        },
        "quota": {name: {"used": used, "allowed": allowed} for name, (used, allowed) in report.quota.items()},
    }
