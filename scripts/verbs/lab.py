"""`govcloud lab`: a real OpenStack in one box of namespaces on this machine, for development and tests."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from scripts.configure.authority import ensure_authority
from scripts.console import err, out
from scripts.engine.state import forget_stacks
from scripts.lab import box, lifecycle, shell, status
from scripts.lab.paths import Lab
from stacks.errors import LabError
from stacks.request.landing_zone import PLATFORM_FILE
from stacks.request.loader import read_document
from stacks.settings import Settings

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Json = Annotated[bool, typer.Option("--json", help="Print data instead of a table.")]


class Hosts(StrEnum):
    """Kinds of host that a lab can run."""

    CONTAINERS = "containers"
    BOTH = "both"


HostKinds = Annotated[
    Hosts,
    typer.Option(
        help="`both` adds hosts with a kernel of their own (QEMU), in the availability zone `own-kernel`; "
        "a lab keeps them until it is wiped."
    ),
]


def register(app: typer.Typer) -> None:
    """Add `lab` and its commands."""
    lab = typer.Typer(no_args_is_help=True, help=__doc__)
    for command in (up, down, wipe):
        lab.command()(command)
    lab.command("status")(show)
    lab.command("shell", context_settings={"ignore_unknown_options": True})(enter)
    app.add_typer(lab, name="lab")


def _lab() -> Lab:
    return Lab.from_settings(Settings.from_environment())


def up(hosts: HostKinds = Hosts.CONTAINERS) -> None:
    """Start the lab, or what of it does not run; a second run changes nothing."""
    settings = Settings.from_environment()
    authority = ensure_authority(settings, _institution(settings))
    lifecycle.up(_lab(), authority, own_kernel=hosts is Hosts.BOTH)


def _institution(settings: Settings) -> str:
    """Who runs the cloud; a lab starts without a platform file, or with one that is being written."""
    document, _ = read_document(settings.tenants / PLATFORM_FILE)
    return str(document.data.get("name", "Landing zone"))


def down() -> None:
    """Stop the lab and leave nothing running; its state is kept."""
    lab = _lab()
    err.print(f"{lab.name} is down" if lifecycle.down(lab) else f"{lab.name} was down")


def wipe(yes: Yes = False) -> None:
    """Stop the lab and remove its state; images, OpenStack and schemas are kept for the next one.

    What Pulumi knows of the lab goes with it: stacks of a cloud that is gone could only fail.
    """
    settings, lab = Settings.from_environment(), _lab()
    if not yes:
        typer.confirm(
            f"Remove every project, network and host of the cloud `{lab.name}`?", abort=True, err=True
        )
    lifecycle.wipe(lab)
    if settings.cloud == lab.name and forget_stacks(settings):
        err.print("its stacks are forgotten; keys and evidence are kept")
    err.print(f"{lab.name} is wiped")


def show(as_json: Json = False) -> None:
    """Show each service with its health and memory; exit code 0 only when all are healthy."""
    running = box.find(_lab())
    rows = status.read(running) if running else []
    if as_json:
        out.print_json(json.dumps([asdict(row) for row in rows]))
    elif rows:
        out.print(status.table(rows))
    if not running:
        raise LabError("the lab is down.", "`govcloud lab up`")
    if sick := [row.service for row in rows if row.problem]:
        raise LabError(f"not healthy: {', '.join(sick)}.", "`govcloud lab up` starts what does not run.")


def enter(
    command: Annotated[list[str] | None, typer.Argument(help="A program and its arguments.")] = None,
) -> None:
    """Open a shell in the box, or run a command there: `govcloud lab shell -- openstack server list`."""
    shell.enter(_lab(), command or [])
