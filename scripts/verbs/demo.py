"""`govcloud demo`: the whole way, from the requests to audited portals, by the verbs that ops would use."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Annotated

import typer

from scripts.access.deployment import open_deployment
from scripts.console import err, out
from scripts.lab import preflight
from scripts.lab.paths import Lab
from scripts.summary import rendered
from scripts.toolchain.ensure import made
from scripts.toolchain.pins import BUILD_BYTES
from stacks.errors import GovcloudError
from stacks.settings import Settings

STEPS = ("toolchain", "check", "lab up", "doctor", "up --all", "deploy --all", "prove", "audit --all")
"""In this order; each one is a verb that can be run by hand."""

MEMORY = 2 << 30
"""Of seven small hosts, and of Pulumi at work, in bytes; the lab's own comes on top."""


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def demo(
        cloud: Annotated[
            bool, typer.Option("--cloud", help="Use the cloud named by OS_CLOUD instead of the lab.")
        ] = False,
    ) -> None:
        """Everything once: toolchain, lab, three tenants, portals, proof and audit; then where to look."""
        started = time.monotonic()
        settings = Settings.from_environment()
        if not cloud and settings.cloud != Lab.from_settings(settings).name:
            raise GovcloudError(
                f"the demo builds on the lab, but OS_CLOUD names {settings.cloud!r}.",
                "Unset OS_CLOUD, or say `govcloud demo --cloud` to build the examples on that cloud.",
            )
        if not cloud:
            building = 0 if made(settings) else BUILD_BYTES
            preflight.check(Lab.from_settings(settings), memory=MEMORY, disk=building)
        for step in STEPS:
            if not (cloud and step == "lab up"):
                _run(step)
        out.print(rendered(open_deployment(settings)))
        out.print(f"[green]✓[/] the whole way took {_duration(time.monotonic() - started)}")


def _run(step: str) -> None:
    started = time.monotonic()
    err.print(f"[bold cyan]$ govcloud {step}[/]")
    code = subprocess.run([sys.argv[0], *step.split()], check=False).returncode
    if code != 0:
        err.print(
            f"[bold red]error:[/] the demo stopped at `govcloud {step}`; run `govcloud demo` again to go on"
        )
        raise typer.Exit(code)
    err.print(f"[dim]{step}: {_duration(time.monotonic() - started)}[/]")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
