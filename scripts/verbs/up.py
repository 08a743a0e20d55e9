"""`govcloud up`: bring the cloud to what the requests say."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict

import typer

from scripts.access.preflight import required_cloud
from scripts.access.servers import ways
from scripts.access.ssh import Way
from scripts.configure.drain import drain
from scripts.console import err, out
from scripts.engine.addresses import Proposal, propose_addresses
from scripts.engine.landing_zone import up as bring_up
from scripts.engine.progress import StackTable
from scripts.engine.pulumi import Pulumi
from scripts.engine.volumes import require_planned_volumes
from scripts.selection import All, Json, Tenants, day, select
from stacks.cloud import cloud_access
from stacks.plan.ledger_change import LedgerChange
from stacks.plan.model import Plan
from stacks.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def up(tenants: Tenants = None, everything: All = False, as_json: Json = False) -> None:
        """Build or change tenants: `govcloud up TENANT…` or `govcloud up --all` (with the platform)."""
        settings = Settings.from_environment()
        proposal = propose_addresses(settings, day())
        plan = proposal.plan
        chosen = select(plan, tenants, everything)
        with required_cloud(settings) as cloud:
            found = ways(cloud, plan)
        shrinking = [tenant for tenant in chosen if found.leaving[tenant]]
        _require_free_hand(settings, proposal, chosen, shrinking)
        # What is refused until here leaves no trace; what is built from here on has its addresses recorded.
        proposal.record(settings.tenants)
        _tell(proposal.change)
        _drain(settings, plan, found.bastion, [way for tenant in shrinking for way in found.leaving[tenant]])
        with StackTable("up") as table:
            results = asyncio.run(bring_up(settings, plan, chosen, table.watch, with_platform=everything))
        if as_json:
            out.print_json(json.dumps([asdict(result) for result in results]))


def _require_free_hand(
    settings: Settings, proposal: Proposal, chosen: Sequence[str], shrinking: Sequence[str]
) -> None:
    """Refuse what Pulumi, its state or a volume would refuse, where hosts or addresses are about to leave.

    A run that only builds anew what has its addresses already is refused in its turn, stack by stack.
    """
    less = {*shrinking, *proposal.change.losing}
    if less or proposal.alters:
        losing = [tenant for tenant in chosen if tenant in less]
        asyncio.run(require_planned_volumes(Pulumi(settings), proposal.plan, losing))


def _tell(change: LedgerChange) -> None:
    commit = "commit tenants/addresses.yaml"
    if change.tenants:
        err.print(f"addresses recorded for {', '.join(change.tenants)}: {commit}")
    if change.released:
        err.print(f"addresses released: {'; '.join(map(str, change.released))}: {commit}")


def _drain(settings: Settings, plan: Plan, bastion: Way, leaving: Sequence[Way]) -> None:
    """Take hosts that leave out of service; one that cannot be reached does not keep the others."""
    if not leaving:
        return
    err.print(f"out of service first: {', '.join(sorted(way.name for way in leaving))} …", markup=False)
    troubles = drain(settings, plan, cloud_access(settings.cloud), bastion, leaving)
    for host, trouble in troubles.items():
        text = f"{host} could not be drained, and is removed as it is: {trouble}"
        err.print(text, markup=False)
