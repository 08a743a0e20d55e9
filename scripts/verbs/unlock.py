"""`govcloud unlock`: clear the lock of a stack whose holder died elsewhere."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from scripts.console import out
from scripts.engine.pulumi import Pulumi
from scripts.engine.state import never_used
from stacks.errors import CloudError
from stacks.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def unlock(stack: Annotated[str, typer.Argument(help="A tenant, or `platform`.")]) -> None:
        """Clear a stack's lock. Only when you know that nobody works on it any more."""
        settings = Settings.from_environment()
        if never_used(settings):
            raise CloudError(
                f"{stack} has no lock: nothing was ever built from {settings.home}.",
                "Look at GOVCLOUD_HOME and PULUMI_BACKEND_URL.",
            )
        finished = asyncio.run(Pulumi(settings).unlock(stack))
        if finished.code != 0:
            raise CloudError(f"the lock of {stack} was not cleared: {finished.errors.strip()}")
        out.print(f"{stack} is unlocked; run `govcloud up {stack}` to converge")
