"""`govcloud deploy`: configure the hosts of tenants with Ansible."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from scripts.access.deployment import open_deployment
from scripts.configure.deploy import Outcome, explain
from scripts.configure.deploy import deploy as configure
from scripts.configure.inventory import Scope
from scripts.console import out
from scripts.selection import All, Json, Tenants, select
from stacks.plan.model import Plan
from stacks.plan.naming import PLATFORM_STACK
from stacks.settings import Settings

Check = Annotated[bool, typer.Option("--check", help="Say what would change, and change nothing.")]


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def deploy(
        tenants: Tenants = None, everything: All = False, check: Check = False, as_json: Json = False
    ) -> None:
        """Configure the hosts of tenants, or of `platform` (the bastion); exit code 6 if a host failed."""
        deployment = open_deployment(Settings.from_environment())
        outcome = configure(deployment, _scope(deployment.plan, tenants, everything), check=check)
        if as_json:
            out.print_json(json.dumps(asdict(outcome), default=str))
        else:
            _report(outcome, check)
        if outcome.failed:
            raise explain(outcome, deployment.ssh_config)


def _report(outcome: Outcome, check: bool) -> None:
    if check:
        for host in outcome.hosts:
            for task in host.changed:
                out.print(f"{host.name}: would change: {task}", markup=False)
    changed = sum(len(host.changed) for host in outcome.hosts)
    verb = "would change" if check else "changed"
    out.print(f"{len(outcome.hosts)} hosts in {outcome.seconds:.0f} s, {changed} tasks {verb}")


def _scope(plan: Plan, names: Sequence[str] | None, everything: bool) -> Scope:
    rest = [name for name in names or () if name != PLATFORM_STACK]
    platform = everything or PLATFORM_STACK in (names or ())
    chosen = [] if platform and not rest and not everything else select(plan, rest, everything)
    return Scope(tuple(chosen), platform)
