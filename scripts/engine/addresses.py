"""The ledger brought up to the requests: first proposed, written once nothing speaks against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from stacks.errors import PlanError
from stacks.plan.allocation import allocate
from stacks.plan.landing_zone import plan_landing_zone
from stacks.plan.ledger_change import LedgerChange, compare
from stacks.plan.model import Plan
from stacks.request.landing_zone import load
from stacks.request.ledger import FILE_NAME, Ledger, read_ledger, write_ledger
from stacks.settings import Settings


@dataclass(frozen=True)
class Proposal:
    """What the requests of a day become, and the ledger that they need.

    Attributes:
        before: the ledger as it was read.
        after: the ledger that the plan is made from.
    """

    plan: Plan
    before: Ledger
    after: Ledger

    @property
    def alters(self) -> bool:
        """Whether there is anything to write."""
        return self.after != self.before

    @property
    def change(self) -> LedgerChange:
        """What is given and released, for people."""
        return compare(self.before, self.after)

    def record(self, tenants: Path) -> None:
        """Write the ledger; whoever wrote the same meanwhile does no harm.

        Raises:
            PlanError: it was changed otherwise since it was read; that change would be lost.
        """
        if not self.alters:
            return
        now = read_ledger(tenants)
        if now not in (self.before, self.after):
            raise PlanError(
                f"{tenants / FILE_NAME} has changed since this command read it.",
                "Nothing was touched: run the same command again.",
            )
        if now != self.after:
            write_ledger(tenants, self.after)


def propose_addresses(settings: Settings, on: date) -> Proposal:
    """Find addresses for the requests of that day, and write nothing."""
    zone = load(settings.tenants)
    before = read_ledger(settings.tenants)
    after = allocate(zone.platform.value, zone.requests, before, on)
    plan = plan_landing_zone(zone.platform.value, zone.requests, after, on)
    return Proposal(plan, before, after)


def record_addresses(settings: Settings, on: date) -> Proposal:
    """Bring the ledger up to the requests of that day."""
    proposal = propose_addresses(settings, on)
    proposal.record(settings.tenants)
    return proposal
