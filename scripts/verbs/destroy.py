"""`govcloud destroy`: remove a tenant, or everything, from the cloud."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from scripts.access.preflight import required_cloud
from scripts.console import out
from scripts.engine.landing_zone import destroy as remove
from scripts.engine.progress import StackTable
from scripts.selection import All, Tenants, select
from stacks.plan.landing_zone import plan_from_folder
from stacks.plan.lifecycle import require_removable
from stacks.plan.naming import PLATFORM_STACK
from stacks.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def destroy(
        tenants: Tenants = None,
        everything: All = False,
        platform: Annotated[
            bool, typer.Option("--platform", help="With --all: the platform as well.")
        ] = False,
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    ) -> None:
        """Remove every object of a tenant from the cloud. Its request and addresses stay in Git."""
        settings = Settings.from_environment()
        plan = plan_from_folder(settings.tenants, settings.today)
        chosen = select(plan, tenants, everything)
        for name in chosen:
            require_removable(plan.tenant(name).request)
        if not yes:
            typer.confirm(f"Remove {', '.join(chosen)} with all hosts and data?", abort=True, err=True)
        with required_cloud(settings), StackTable("destroy") as table:
            results = asyncio.run(remove(settings, chosen, table.watch))
            if everything and platform:
                results += asyncio.run(remove(settings, [PLATFORM_STACK], table.watch))
        if not results:
            out.print("nothing was there to remove")
